import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { longestPassword } from './passwords.js';

const shortest = 10;
const lowestScore = 3;
const looksAt = 100;
let estimator: ZxcvbnFactory | undefined;

export type PasswordFault = 'too short' | 'too long' | 'easy to guess';

/** What is wrong with a password that somebody wants: too short, or easy to guess by what is common and by what is known of him. */
export function faultOfPassword(password: string, known: readonly string[]): PasswordFault | undefined {
  if ([...password].length < shortest) return 'too short';
  if (password.length > longestPassword) return 'too long';
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  const inputs = ['facet', ...known.flatMap((text) => [text, ...text.split(/[@.\s_-]+/)]).filter((text) => text.length > 2)];
  return estimator.check(password.slice(0, looksAt), inputs).score < lowestScore ? 'easy to guess' : undefined;
}
