export { gather } from './gather.js';
export { after, each, optional, required, stale } from './parts.js';
