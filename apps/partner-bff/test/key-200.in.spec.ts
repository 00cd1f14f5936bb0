import { Revoked } from '@facet/contracts/revocations';
import { idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { aKey, bot } from './keys.fixtures.js';
import { general, message, partnerApp } from './start-partner.js';

const partner = partnerApp();
const questions = () => partner.fakes.identity.calls['POST /keys/verify'] ?? 0;

describe('a key that is good', () => {
  it('speaks for the bot of its partner, to each service, with its own scopes', async () => {
    const callers: unknown[] = [];
    const { getRoom } = partner.fakes.rooms.handlers;
    partner.fakes.rooms.handlers.getRoom = (request, caller) => {
      callers.push(caller);
      return getRoom!(request, caller);
    };
    const key = partner.keys.add({ id: idOf(702), clientId: 'nightly-export', scopes: ['read:rooms'] });
    expect((await partner.call('GET', general, { token: key })).status).toBe(200);
    expect(callers).toEqual([
      expect.objectContaining({ subject: bot, kind: 'bot', client: 'nightly-export', scopes: ['read:rooms'], roles: ['user'] }),
    ]);
    expect(await partner.call('GET', message, { token: key })).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  it('is asked about once, by partner-bff as itself, however many requests come with it at the same time and after', async () => {
    const before = questions();
    partner.keys.asked.length = 0;
    const key = partner.keys.add();
    const answers = await Promise.all(Array.from({ length: 10 }, () => partner.call('GET', general, { token: key })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await partner.call('GET', general, { token: key });
    expect(questions() - before).toBe(1);
    const [asked] = partner.keys.asked;
    expect(asked!.caller).toMatchObject({ subject: 'partner-bff', kind: 'service' });
    expect(Number(asked!.headers['request-timeout-ms'])).toBeLessThanOrEqual(500);
  });

  it('ends with the event that it was revoked, while others stay', async () => {
    const [ended, stays] = [partner.keys.add({ id: idOf(705) }), partner.keys.add({ id: idOf(706) })];
    const statuses = async () => [
      (await partner.call('GET', general, { token: ended })).status,
      (await partner.call('GET', general, { token: stays })).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    const before = questions();
    partner.keys.known.delete(ended);
    const until = new Date(Date.now() + 3_600_000);
    await partner.events.emit(Revoked, { what: { $case: 'key', value: idOf(705) }, before: new Date(), until });
    expect(await statuses()).toEqual([401, 200]);
    expect(questions() - before).toBe(1);
  });

  it('has the role that its bot has since it was changed', async () => {
    const key = partner.keys.add({ id: idOf(707), subject: idOf(708) });
    expect((await partner.call('GET', message, { token: key })).status).toBe(200);
    partner.keys.known.set(key, aKey({ id: idOf(707), subject: idOf(708), scopes: ['read:rooms'] }));
    const [before, until] = [new Date(Date.now() - 1), new Date(Date.now() + 3_600_000)];
    await partner.events.emit(Revoked, { what: { $case: 'subject', value: idOf(708) }, before, until });
    expect((await partner.call('GET', message, { token: key })).status).toBe(403);
  });

  it('is limited as its bot is', async () => {
    const keys = [partner.keys.add({ subject: idOf(703) }), partner.keys.add({ subject: idOf(703), id: idOf(704) })];
    const left = async (token: string) =>
      Number(/r=(\d+)/.exec((await partner.call('GET', general, { token })).headers.get('ratelimit')!)![1]);
    const first = await left(keys[0]!);
    expect(await left(keys[1]!)).toBe(first - 1);
  });
});
