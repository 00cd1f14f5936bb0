export { openState, type StateOptions } from './open-state.js';
export type { Kept, SharedState } from './shared-state.js';
export { InjectState, SHARED_STATE, StateHealth, StateModule } from './state.module.js';
