export { gather, type Gathered, type Parts } from './gather.js';
export { optional, required, stale, type Ask, type OptionalPart, type RequiredPart } from './parts.js';
