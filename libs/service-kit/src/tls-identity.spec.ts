import { describe, expect, it } from 'vitest';
import { identityIn, identityUri, isIdentity } from './tls-identity.js';

describe('the identity in a certificate', () => {
  it.each([
    ['URI:spiffe://facet/rooms-service', 'rooms-service'],
    ['DNS:localhost, URI:spiffe://facet/web-bff, IP Address:127.0.0.1', 'web-bff'],
  ])('of %s is %s', (names, identity) => {
    expect(identityIn(names)).toBe(identity);
    expect(isIdentity(identity)('anywhere', { subjectaltname: names })).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'DNS:rooms-service',
    'DNS:spiffe://facet/rooms-service',
    'URI:spiffe://other/rooms-service',
    'URI:spiffe://facet/',
    'URI:spiffe://facet/rooms-service/child',
    'URI:spiffe://facet/Rooms-Service',
    'URI:spiffe://facet/rooms-service?x',
    'URI:https://facet/rooms-service',
    'URI:spiffe://facet/rooms-service, URI:spiffe://facet/web-bff',
    'URI:https://facet/, URI:spiffe://facet/rooms-service',
    'DNS:"a, URI:spiffe://facet/rooms-service, b"',
    'URI:"spiffe://facet/rooms-service"',
  ])('of %s is none', (names) => {
    expect(identityIn(names)).toBeUndefined();
    expect(isIdentity('rooms-service')('rooms-service', { subjectaltname: names as string })).toBeInstanceOf(Error);
  });

  it('counts, and the name of the host does not', () => {
    const subjectaltname = `URI:${identityUri('users-service')}, DNS:rooms-service`;
    expect(isIdentity('rooms-service')('rooms-service', { subjectaltname })).toMatchObject({
      message: 'users-service answers instead of rooms-service',
    });
  });
});
