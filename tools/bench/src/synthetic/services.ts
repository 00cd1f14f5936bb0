import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { rawDefinition, type ServiceDefinition } from '@facet/service-kit/wire';
import { announce, onQuestion } from '../processes/announce.js';
import { services, type SyntheticMethod, type SyntheticName } from './methods.js';
import { serveTemplates, type Counts } from './serve-templates.js';

// The services of the synthetic world in one process, each on a port of its own as in production.

type Handler = (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => void;

const counts: Record<string, Counts> = {};
const ports: Partial<Record<SyntheticName, number>> = {};

for (const [name, { service, methods }] of Object.entries(services)) {
  ports[name as SyntheticName] = await listen(service, methods);
}
onQuestion('counts', () => counts);
onQuestion('reset', () => Object.values(counts).forEach((each) => Object.assign(each, { rpcs: 0, items: 0 })));
announce({ ports });

async function listen(service: ServiceDefinition, methods: Readonly<Record<string, SyntheticMethod>>): Promise<number> {
  const server = new Server({ 'grpc.enable_channelz': 0, 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
  // As our own services have it: no storm of calls that time out ends the connection.
  Object.assign((server as unknown as { commonServerOptions: object }).commonServerOptions, {
    streamResetBurst: 1_000_000,
    streamResetRate: 100_000,
  });
  server.addService(rawDefinition(service), implement(service, methods));
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function implement(service: ServiceDefinition, methods: Readonly<Record<string, SyntheticMethod>>): Record<string, Handler> {
  const handlers: Record<string, Handler> = {};
  for (const [name, method] of Object.entries(methods)) {
    const counted = (counts[`${service.name}.${name}`] = { rpcs: 0, items: 0 });
    const { serveSingle, serveBatch } = serveTemplates(service, name, method as SyntheticMethod<unknown>, counted);
    handlers[name] = (call, callback) => callback(null, serveSingle(call.request));
    const twin = service.batchedBy[name];
    if (twin) handlers[twin] = (call, callback) => callback(null, serveBatch(call.request));
  }
  return handlers;
}
