import type { Caller } from '@facet/context';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './caller-fingerprint.js';

const alice: Caller = {
  subject: 'alice',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['read:rooms'],
  roles: ['user'],
  session: 's1',
  permissions: [],
};
const { session: _, ...sessionless } = alice;

describe('the fingerprint of a caller', () => {
  it('is the same for equal callers, in whatever order their fields were written', () => {
    const written: Caller = {
      session: 's1',
      roles: ['user'],
      permissions: [],
      scopes: ['read:rooms'],
      client: 'mobile-app',
      kind: 'user',
      subject: 'alice',
    };
    expect(fingerprintOf(written)).toBe(fingerprintOf(alice));
  });

  it.each([
    ['subject', { ...alice, subject: 'bob' }],
    ['kind', { ...alice, kind: 'bot' as const }],
    ['client', { ...alice, client: 'demo-partner' }],
    ['scopes', { ...alice, scopes: ['read:rooms', 'write:rooms'] }],
    ['roles', { ...alice, roles: ['admin'] }],
    ['session', { ...alice, session: 's2' }],
    ['session, of which there is none', sessionless],
  ])('tells callers apart by their %s', (_field, other) => expect(fingerprintOf(other)).not.toBe(fingerprintOf(alice)));

  it('is worked out once per caller', () => {
    let reads = 0;
    const counted: Caller = {
      ...alice,
      get subject() {
        reads++;
        return 'alice';
      },
    };
    expect(fingerprintOf(counted)).toBe(fingerprintOf(counted));
    expect(reads).toBe(1);
  });

  it('is never that of another caller, whatever characters their fields hold', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\', ' '), maxLength: 4 });
    const texts = fc.array(text, { maxLength: 3 });
    const caller = fc.record<Caller>(
      { subject: text, kind: fc.constantFrom('user', 'bot'), client: text, scopes: texts, roles: texts, permissions: texts, session: text },
      { requiredKeys: ['subject', 'kind', 'client', 'scopes', 'roles', 'permissions'] },
    );
    const parts = ({ subject, kind, client, scopes, roles, session }: Caller) => [subject, kind, client, scopes, roles, session];
    fc.assert(
      fc.property(caller, caller, (one, other) => {
        const alike = JSON.stringify(parts(one)) === JSON.stringify(parts(other));
        expect(fingerprintOf(one) === fingerprintOf(other)).toBe(alike);
      }),
      { numRuns: 1_000 },
    );
  });
});
