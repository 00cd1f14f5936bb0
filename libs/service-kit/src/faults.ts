export { callFault, callFaults, type CallFault } from './call-fault.js';
export { FaultSwitch, faultSwitchOf, type FaultsInForce, type FaultSwitchOptions } from './fault-switch.js';
export { watchJson, type JsonWatch } from './watch-json.js';
