import type { Attack } from './attack.js';
import { onTheBrowser } from './browser.js';
import { onCalls } from './calls.js';
import { onPossession } from './possession.js';
import { onSignIn } from './sign-in.js';
import { onTokens } from './tokens.js';

/** The attacks that we know of, in the order of docs/security.md. */
export const attacks: readonly Attack[] = [...onTokens, ...onPossession, ...onTheBrowser, ...onSignIn, ...onCalls];
