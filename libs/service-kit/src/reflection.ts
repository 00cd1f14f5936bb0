import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Server } from '@grpc/grpc-js';

/**
 * reflectionOf: grpc.reflection for these services, from the image of the contracts, so that grpcurl and the like need no .proto file. Its libraries
 * are loaded here alone: production never needs them.
 */
export async function reflectionOf(services: readonly string[]): Promise<(server: Server) => void> {
  const [{ ReflectionService }, { loadFileDescriptorSetFromBuffer }] = await Promise.all([
    import('@grpc/reflection'),
    import('@grpc/proto-loader'),
  ]);
  const image = readFileSync(createRequire(import.meta.url).resolve('@facet/contracts/facet.binpb'));
  const reflection = new ReflectionService(loadFileDescriptorSetFromBuffer(image), { services: [...services] });
  return (server) => reflection.addToServer(server);
}
