import { isUtf8 } from 'node:buffer';
import { ProblemError, type FieldError } from '@facet/errors';
import { escapePointer } from '@facet/service-kit/http';
import { locateJsonFault } from './json-fault.js';
import { faultOf } from './text.js';

const mostErrors = 20;

/**
 * parseJson: the value of a JSON body. ProblemError `invalid-request` where it is empty, no UTF-8 or no JSON (with the place), `validation-failed`
 * with pointers where a string or key holds NUL or a lone surrogate, or a key reaches for a prototype.
 */
export function parseJson(bytes: Uint8Array | undefined): unknown {
  if (!bytes?.length) throw new ProblemError('invalid-request', { detail: 'The request needs a JSON body.' });
  if (!isUtf8(bytes)) throw new ProblemError('invalid-request', { detail: 'The body is not UTF-8.' });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const value = parse(text);
  // Only escapes can bring NUL or a lone surrogate into UTF-8 JSON, so most bodies need no second look.
  if (text.includes('\\u') || text.includes('__proto__') || text.includes('constructor')) refuseUnfit(value);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError('invalid-request', { detail: `The body is not JSON: broken at ${locateJsonFault(text)}.`, cause });
  }
}

function refuseUnfit(root: unknown): void {
  const errors: FieldError[] = [];
  const pending: { value: unknown; pointer: string }[] = [{ value: root, pointer: '' }];
  for (let item = pending.pop(); item && errors.length < mostErrors; item = pending.pop()) {
    const { value, pointer } = item;
    const fault = typeof value === 'string' ? faultOf(value) : undefined;
    if (fault) errors.push({ pointer, detail: fault });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const childPointer = `${pointer}/${escapePointer(key)}`;
      const keyFault = faultOfKey(key, child);
      if (keyFault) errors.push({ pointer: childPointer, detail: keyFault });
      pending.push({ value: child, pointer: childPointer });
    }
  }
  if (errors.length) throw new ProblemError('validation-failed', { errors });
}

function faultOfKey(key: string, value: unknown): string | undefined {
  const poison =
    key === '__proto__' || (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'));
  if (poison) return 'is not a key that is accepted';
  const fault = faultOf(key);
  return fault && `the key ${fault}`;
}
