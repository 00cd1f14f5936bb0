export { clientOf } from './client-of.js';
export type { Client } from './client.js';
export { connectClients, type ClientOptions } from './connect-clients.js';
export { DownstreamModule } from './downstream.module.js';
export { readAnswer } from './http-answer.js';
export type { HttpClient } from './http-client.js';
export type { Exchange, ExchangeAnswer, ExchangeRequest } from './http-way.js';
export { LastGood } from './last-good.js';
export type { PolicyOptions } from './policy.js';
