export { clientOf, type ServiceConfig } from './client-of.js';
export type { Client } from './client.js';
export { connectClients, type ClientOptions, type ClientsOf, type Connected, type ConnectOptions } from './connect-clients.js';
export { DownstreamModule, type DownstreamOptions } from './downstream.module.js';
export { LastGood } from './last-good.js';
export { defaultPolicy, type CallPolicy, type MethodPolicy, type PolicyOptions } from './policy.js';
