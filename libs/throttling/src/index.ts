export { FixedWindows, type Count } from './fixed-windows.js';
export { ThrottlingGuard, type LimitOf } from './throttling.guard.js';
export { ThrottlingModule, type ThrottlingOptions } from './throttling.module.js';
