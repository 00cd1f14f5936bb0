export {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  serviceSettings,
  stateSettings,
  stateSomewhere,
  withManagementPort,
  type EventSettings,
  type ServiceSettings,
  type StateSettings,
} from './bff-settings.js';
export { loadConfig, type Environment } from './load-config.js';
export { networks, partnerTlsSettings, partnerTlsWhole, proxySettings, type PartnerTlsSettings } from './proxy-settings.js';
export {
  brokerSettings,
  flag,
  json,
  keyring,
  list,
  milliseconds,
  origin,
  placeSettings,
  port,
  processSettings,
  secretKey,
  sharedKeys,
  tlsSettings,
  webOrigins,
} from './settings.js';
