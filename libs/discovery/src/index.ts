export { discover, type DiscoverOptions, type Discovery } from './discover.js';
export type { Endpoint } from './endpoint.js';
export { reportTo, type Report } from './report.js';
