import { Writable } from 'node:stream';
import { newPartnerKey } from '@facet/auth';
import { createLogger } from '@facet/observability';
import { describe, expect, it } from 'vitest';
import { attachment, general, partnerApp } from './start-partner.js';

const lines: string[] = [];
const destination = new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) });
const partner = partnerApp(undefined, createLogger({ name: 'partner-bff', level: 'trace', destination }));
const key = newPartnerKey('test');

describe('400: a credential in the URL, which nothing repeats', () => {
  it.each([
    ['access_token', `${general}?access_token=${key}`],
    ['api_key', `/api/v1/rooms?limit=1&api_key=${key}`],
    ['key', `${general}?key=${key}`],
    ['a parameter of any name', `${general}?x=${key}`],
    ['a parameter, written otherwise', `${general}?x=${key.replace('_', '%5F')}`],
    ['a live key', `${general}?x=${newPartnerKey('live')}`],
    ['a part of a key', `${general}?x=${key.slice(0, 30)}`],
    ['the path', `/api/v1/rooms/${key}`],
    ['an access token of any kind', `${general}?access_token=eyJhbGciOiJFUzI1NiJ9.e30.x`],
    ['the link to bytes', `${attachment}/content?capability=x&key=${key}`],
  ])('in %s', async (_, path) => {
    lines.length = 0;
    const good = partner.keys.add();
    for (const token of [good, null, undefined]) {
      const { status, body, headers } = await partner.call('GET', path, { token });
      expect([status, body.code]).toEqual([400, 'credential-in-url']);
      expect(JSON.stringify([body, ...headers])).not.toContain(key.slice(11, 30));
    }
    expect(Object.values(partner.fakes).flatMap(({ calls }) => Object.keys(calls))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toMatch(/facet_(live|test)_/);
  });

  it('in a link to bytes that would open', async () => {
    const link = partner.links.make(attachment.split('/').at(-1)!, partner.caller);
    expect((await partner.call('GET', link, { token: null })).status).toBe(200);
    expect((await partner.call('GET', `${link}&key=${key}`, { token: null })).status).toBe(400);
  });

  it('and a key that was sent as it should is in no line either, whatever becomes of it', async () => {
    lines.length = 0;
    const good = partner.keys.add();
    for (const token of [good, key, `${key}x`]) await partner.call('GET', general, { token });
    partner.fakes.identity.trouble = () => 'garbage';
    await partner.call('GET', general, { token: newPartnerKey('test') });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toMatch(/facet_(live|test)_/);
  });
});
