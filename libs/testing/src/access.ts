export type { ObservedLine } from './access/access-page.js';
export { accessSuite, type AccessLine, type AccessSuiteOptions } from './access/access-suite.js';
export { routeLines, tokenOf, visitors, withoutLimits, wordOf, type AskBff, type Visitor } from './access/bff-access.js';
export { RpcLines, type RpcCaller } from './access/rpc-lines.js';
export { codeOf, roleCallers, roleContext, rpcCallers, type RoleCaller } from './access/service-access.js';
