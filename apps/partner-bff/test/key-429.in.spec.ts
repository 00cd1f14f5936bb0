import { newPartnerKey } from '@facet/auth';
import { idOf } from '@facet/testing';
import { expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

it('429: who sends one key after another that nobody made is asked about twenty times, while keys that are remembered serve', async () => {
  const known = partner.keys.add({ id: idOf(730) });
  await partner.call('GET', general, { token: known });
  const statuses: number[] = [];
  for (let guess = 0; guess < 25; guess += 1) statuses.push((await partner.call('GET', general, { token: newPartnerKey('test') })).status);
  expect(statuses).toEqual([...Array<number>(20).fill(401), ...Array<number>(5).fill(429)]);
  expect(partner.fakes.identity.calls).toEqual({ 'POST /keys/verify': 21 });
  expect((await partner.call('GET', general, { token: known })).status).toBe(200);
});
