import type { Attack } from './attack.js';
import { onTokens } from './tokens.js';

/** The attacks that we know of, in the order of docs/security.md. */
export const attacks: readonly Attack[] = [...onTokens];
