import { expect, it } from 'vitest';
import { FirstPartyClients, isFirstParty } from './first-party.js';

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' };
const web = { redirectUris: ['http://localhost:4001/bff/callback'], jwks: { keys: [key] } };
const mobile = { redirectUris: ['com.facet.app:/callback', 'http://127.0.0.1/callback'] };

it('clients are taken as the supervisor names them, and none need be there', () => {
  expect(FirstPartyClients.parse({ 'web-app': web, 'mobile-app': mobile })['web-app']!.jwks.keys).toEqual([key]);
  expect(FirstPartyClients.parse({})).toEqual({});
});

it.each([
  ['a private key', { 'web-app': { ...web, jwks: { keys: [{ ...key, d: 'd' }] } } }],
  ['a symmetric key', { 'web-app': { ...web, jwks: { keys: [{ kty: 'oct', k: 'k' }] } } }],
  ['no key', { 'web-app': { redirectUris: web.redirectUris } }],
  ['no address', { 'mobile-app': { redirectUris: [] } }],
  ['a client that is not ours', { 'other-app': mobile }],
])('%s is refused', (_, clients) => {
  expect(FirstPartyClients.safeParse(clients).success).toBe(false);
});

it('partners are not our own, whatever they are called', () => {
  expect(['web-app', 'mobile-app', 'account'].every(isFirstParty)).toBe(true);
  expect(['demo-partner', 'constructor', 'web-app2'].some(isFirstParty)).toBe(false);
});
