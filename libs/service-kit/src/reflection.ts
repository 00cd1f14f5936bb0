import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Server, ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Logger } from '@facet/observability';

const versions = ['v1', 'v1alpha'].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);
const same = (bytes: Buffer) => bytes;

/** How questions of one version are read, answered and written. */
interface Reflection {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

/**
 * addReflection: grpc.reflection for these services, from the image of the contracts, so that grpcurl and the like need no .proto file. Its libraries take a second
 * of CPU to load: whoever asks first waits for them, and a process that nobody asks never loads them.
 */
export function addReflection(server: Server, services: readonly string[], logger: Logger): void {
  let loading: Promise<ReadonlyMap<string, Reflection>> | undefined;
  for (const path of versions) {
    const handler = (call: ServerDuplexStream<Buffer, Buffer>) => {
      const answer = (all: ReadonlyMap<string, Reflection>) => serve(call, all.get(path)!);
      (loading ??= load(services)).then(answer).catch((error: unknown) => {
        logger.warn({ error }, 'There is no reflection');
        call.destroy(new Error('There is no reflection'));
      });
    };
    const bytes = { requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same };
    server.addService({ info: { path, requestStream: true, responseStream: true, ...bytes } }, { info: handler as never });
  }
}

async function load(services: readonly string[]): Promise<ReadonlyMap<string, Reflection>> {
  const [{ ReflectionService }, { loadFileDescriptorSetFromBuffer }] = await Promise.all([
    import('@grpc/reflection'),
    import('@grpc/proto-loader'),
  ]);
  const image = readFileSync(createRequire(import.meta.url).resolve('@facet/contracts/facet.binpb'));
  const all = new Map<string, Reflection>();
  const addService = (definition: ServiceDefinition, handlers: UntypedServiceImplementation) => {
    for (const { path } of Object.values(definition)) all.set(path, { definition, handlers });
  };
  new ReflectionService(loadFileDescriptorSetFromBuffer(image), { services: [...services] }).addToServer({ addService });
  return all;
}

/** The library's handler over a call of bytes. */
function serve(call: ServerDuplexStream<Buffer, Buffer>, { definition, handlers }: Reflection): void {
  const { requestDeserialize, responseSerialize } = definition['ServerReflectionInfo']!;
  const on = (event: string, listener: (value?: unknown) => void) =>
    call.on(event, event === 'data' ? (bytes: Buffer) => listener(requestDeserialize(bytes)) : listener);
  const write = (message: unknown) => call.write(responseSerialize(message));
  (handlers['ServerReflectionInfo'] as (stream: object) => void)({ on, write, end: () => call.end() });
}
