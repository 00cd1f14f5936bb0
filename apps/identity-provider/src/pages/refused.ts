import type { Refusal } from '../mail/code-rules.js';
import type { Texts } from './texts.js';

/** Why something is shown again, and how it is answered. */
export interface Refused {
  readonly problem: string;
  readonly status: number;
}

/** What somebody is told to whom no code is sent, which depends on nothing but what he asked for and where he is. */
export function refusalOf(refusal: Refusal, texts: Texts): Refused {
  if (refusal === 'country') return { problem: texts.addressCountry, status: 403 };
  return { problem: texts.waitSeconds(refusal.waitSeconds), status: 429 };
}
