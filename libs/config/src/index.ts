export {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  serviceSettings,
  withManagementPort,
  type EventSettings,
  type ServiceSettings,
} from './bff-settings.js';
export { loadConfig, type Environment } from './load-config.js';
export {
  brokerSettings,
  flag,
  keyring,
  list,
  milliseconds,
  placeSettings,
  port,
  processSettings,
  secretKey,
  sharedKeys,
  tlsSettings,
} from './settings.js';
