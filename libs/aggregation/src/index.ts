export { gather, type Gathered, type Parts } from './gather.js';
export type { MissingPart } from './gathering.js';
export {
  after,
  each,
  optional,
  required,
  stale,
  type AnyPart,
  type Ask,
  type Dependent,
  type OptionalPart,
  type PartOptions,
  type RequiredPart,
  type ValueOf,
} from './parts.js';
