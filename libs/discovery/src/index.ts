export { discover, type DiscoverOptions, type Discovery } from './discover.js';
export type { Endpoint } from './endpoint.js';
export { keepRegistered, register, type RegisterOptions, type Registration } from './register.js';
export type { Self } from './registry-desk.js';
export { reportTo, type Report } from './report.js';
