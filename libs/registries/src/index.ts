export { ConsulServer, type ConsulService } from './consul-server.js';
export { DnsServer } from './dns-server.js';
export { EurekaServer, type EurekaInstance } from './eureka-server.js';
export { KubernetesServer, type EndpointSlice } from './kubernetes-server.js';
