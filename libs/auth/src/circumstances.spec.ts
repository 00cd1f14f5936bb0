import { describe, expect, it } from 'vitest';
import { accountOlderThan, assured, fromCountries, fromNetworks } from './circumstances.js';
import { newCaller, type CallerFields } from './new-caller.js';

const now = new Date('2026-11-01T12:00:00Z');
const seconds = now.getTime() / 1_000;
const callerWith = (given: Partial<CallerFields> = {}) =>
  newCaller({ subject: 'ann', kind: 'user', client: 'web-app', roles: ['user'], scopes: [], ...given });
const proven = (acr: string, secondsAgo: number) => callerWith({ assurance: { acr, amr: ['pwd'], authenticatedAt: seconds - secondsAgo } });

describe('assurance', () => {
  const wanted = assured({ acr: 'urn:facet:acr:2', maxAgeSeconds: 300 });

  it.each([
    ['two factors a moment ago', proven('urn:facet:acr:2', 10), true],
    ['two factors just in time', proven('urn:facet:acr:2', 300), true],
    ['two factors too long ago', proven('urn:facet:acr:2', 301), false],
    ['one factor', proven('urn:facet:acr:1', 10), false],
    ['a class that we do not know', proven('urn:mace:gold', 10), false],
    ['no proof, as of a bot', callerWith({ kind: 'bot' }), false],
  ])('%s', (_, caller, enough) => expect(wanted.holds(caller, { now })).toBe(enough));

  it('asks no more than it was told to', () => {
    expect(assured({ acr: 'urn:facet:acr:1' }).holds(proven('urn:facet:acr:1', 9_000_000), {})).toBe(true);
    expect(assured({ maxAgeSeconds: 60 }).holds(proven('urn:facet:acr:1', 59), { now })).toBe(true);
    expect(assured({ maxAgeSeconds: 60 }).holds(proven('urn:facet:acr:1', 59), {})).toBeUndefined();
  });
});

describe('where a request comes from', () => {
  it.each([
    ['192.0.2.7', true],
    ['::ffff:192.0.2.7', true],
    ['198.51.100.1', false],
    [undefined, undefined],
  ])('network of %s', (address, inside) => {
    expect(fromNetworks(['192.0.2.0/24']).holds(callerWith(), { address })).toBe(inside);
  });

  it.each([
    [{ allowed: ['CH', 'DE'] }, 'CH', true],
    [{ allowed: ['CH', 'DE'] }, 'US', false],
    [{ allowed: ['CH', 'DE'] }, undefined, undefined],
    [{ refused: ['US'] }, 'US', false],
    [{ refused: ['US'] }, 'CH', true],
    [{ refused: ['US'] }, undefined, true],
    [{ allowed: ['CH'], refused: ['CH'] }, 'CH', false],
  ])('countries %j, %s', (countries, country, inside) => {
    expect(fromCountries(countries).holds(callerWith(), { country })).toBe(inside);
  });
});

describe('the age of an account', () => {
  const hour = 3_600_000;
  const subject = (ageMs: number) => {
    const time = (now.getTime() - ageMs).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-00000000000a`;
  };

  it.each([
    [2 * hour, true],
    [hour + 1, true],
    [hour, false],
    [0, false],
  ])('of %i ms', (ageMs, old) => expect(accountOlderThan(hour).holds(callerWith({ subject: subject(ageMs) }), { now })).toBe(old));

  it('is unknown where the id does not tell', () => {
    expect(accountOlderThan(hour).holds(callerWith({ subject: '01900000-0000-4000-8000-00000000000a' }), { now })).toBeUndefined();
    expect(accountOlderThan(hour).holds(callerWith({ subject: subject(0) }), {})).toBeUndefined();
  });
});
