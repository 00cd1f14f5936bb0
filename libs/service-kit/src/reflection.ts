import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Server } from '@grpc/grpc-js';
import type { Logger } from '@facet/observability';

/** Nine processes that start at once should not all read descriptors first. */
const afterStartMs = 2_000;

/**
 * addReflectionLater: grpc.reflection for these services, a moment after the server is made, from the image of the contracts, so that grpcurl and the like
 * need no .proto file. Its libraries are loaded here alone: production never needs them.
 */
export function addReflectionLater(server: Server, services: readonly string[], logger: Logger): void {
  const add = () => addReflection(server, services).catch((error: unknown) => logger.warn({ error }, 'There is no reflection'));
  setTimeout(() => void add(), afterStartMs).unref();
}

async function addReflection(server: Server, services: readonly string[]): Promise<void> {
  const [{ ReflectionService }, { loadFileDescriptorSetFromBuffer }] = await Promise.all([
    import('@grpc/reflection'),
    import('@grpc/proto-loader'),
  ]);
  const image = readFileSync(createRequire(import.meta.url).resolve('@facet/contracts/facet.binpb'));
  new ReflectionService(loadFileDescriptorSetFromBuffer(image), { services: [...services] }).addToServer(server);
}
