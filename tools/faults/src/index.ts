export { seeded } from './seeded.js';
export { TcpProxy, type TcpProxyOptions } from './tcp-proxy.js';
export { type Direction, type Toxic } from './toxic.js';
