import { callerOf, idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { ContentLinks } from './content-links.js';

const rootKey = Buffer.alloc(32, 7);
const began = Date.parse('2026-11-01T12:00:00Z');
const id = idOf(900);
const bob = callerOf({ ...callerOf('bob'), client: 'demo-partner', session: 'a-session', issuedAt: 1_700_000_000 });

/** Links whose time a test moves. */
function linksAt(ms = began) {
  const clock = { ms };
  return { clock, links: new ContentLinks(rootKey, () => clock.ms) };
}
const capabilityIn = (link: string) => new URL(link, 'http://x').searchParams.get('capability')!;
const refused = (detail: RegExp) => expect.objectContaining({ code: 'unauthenticated', detail: expect.stringMatching(detail) });

describe('a link to the bytes of an attachment', () => {
  it('opens for whom it was made, to read and nothing else', () => {
    const { links } = linksAt();
    const link = links.make(id, bob);
    expect(link).toMatch(new RegExp(`^/api/v1/attachments/${id}/content\\?capability=[\\w-]+$`));
    expect(links.open(id, capabilityIn(link))).toEqual({
      subject: bob.subject,
      kind: 'user',
      client: 'demo-partner',
      roles: bob.roles,
      scopes: ['read:messages'],
      permissions: ['message:read'],
      session: 'a-session',
      issuedAt: 1_700_000_000,
    });
  });

  it('opens nothing for who could not read messages himself', () => {
    const { links } = linksAt();
    const link = links.make(id, { ...bob, scopes: ['write:messages'] });
    expect(links.open(id, capabilityIn(link)).scopes).toEqual([]);
  });

  it('says nothing to who reads it', () => {
    const bytes = Buffer.from(capabilityIn(linksAt().links.make(id, bob)), 'base64url').toString('latin1');
    for (const secret of [bob.subject, 'demo-partner', 'user', 'exp']) expect(bytes).not.toContain(secret);
  });

  it('lasts for four to five minutes', () => {
    for (const [since, lasts] of [
      [0, 300_000],
      [59_999, 240_001],
    ] as const) {
      const { links, clock } = linksAt(began + since);
      const capability = capabilityIn(links.make(id, bob));
      clock.ms += lasts - 1;
      expect(links.open(id, capability).subject).toBe(bob.subject);
      clock.ms += 1;
      expect(() => links.open(id, capability)).toThrow(refused(/has expired/));
    }
  });

  it('is the same for a while, so that what it is in is', () => {
    const { links, clock } = linksAt();
    const link = links.make(id, bob);
    clock.ms += 59_999;
    expect(links.make(id, bob)).toBe(link);
    clock.ms += 1;
    expect(links.make(id, bob)).not.toBe(link);
  });

  it('shares nothing with the link of another', () => {
    const { links } = linksAt();
    const [mine, hers] = [bob, callerOf('alice')].map((caller) => Buffer.from(capabilityIn(links.make(id, caller)), 'base64url'));
    const equal = [...mine!].filter((byte, at) => byte === hers![at]).length;
    expect(equal).toBeLessThan(mine!.length / 8);
  });

  it('opens no other attachment, and none with another key', () => {
    const { links } = linksAt();
    const capability = capabilityIn(links.make(id, bob));
    expect(() => links.open(idOf(901), capability)).toThrow(refused(/not one of ours/));
    expect(() => new ContentLinks(Buffer.alloc(32, 8), () => began).open(id, capability)).toThrow(refused(/not one of ours/));
  });

  it('opens nothing once a single bit of it was changed', () => {
    const { links } = linksAt();
    const bytes = Buffer.from(capabilityIn(links.make(id, bob)), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => links.open(id, changed.toString('base64url'))).toThrow(refused(/not one of ours/));
    }
  });

  it.each(['', 'x', 'a'.repeat(22), 'AAAA', '%', '💣', 'a'.repeat(10_000)])('that somebody made up opens nothing: %.20s', (capability) => {
    expect(() => linksAt().links.open(id, capability)).toThrow(refused(/not one of ours/));
  });

  it('of which only the beginning came opens nothing', () => {
    const { links } = linksAt();
    const capability = capabilityIn(links.make(id, bob));
    for (let length = 0; length < capability.length; length += 1)
      expect(() => links.open(id, capability.slice(0, length))).toThrow(refused(/not one of ours/));
  });
});
