export { clientOf } from './client-of.js';
export type { Client } from './client.js';
export { connectClients, type ClientOptions } from './connect-clients.js';
export { DownstreamModule } from './downstream.module.js';
export { LastGood } from './last-good.js';
export type { PolicyOptions } from './policy.js';
