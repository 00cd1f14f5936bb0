import { randomBytes } from 'node:crypto';
import { InternalTokenMinter } from '@facet/auth';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { GetUserResponse } from '@facet/contracts/users';
import { UsersService } from '@facet/contracts/users/grpc';
import { describe, expect, it, vi } from 'vitest';
import {
  answerOf,
  callsOf,
  clientOf,
  contextOf,
  departed,
  departures,
  holdTime,
  outcomeOf,
  pass,
  presence,
  refuse,
  serve,
} from '../test/held-channel.fixtures.js';

holdTime();

const timeout = expect.objectContaining({ dependency: 'presence', reason: 'timeout' });
const hungUp = expect.objectContaining({ code: 'client-closed-request' });
const oneSlot = { policy: { batch: { outstanding: 1 } } };

describe('equal reads of one caller that have not been sent yet', () => {
  it('are one, and all get its answer', async () => {
    const { ask, channel, bulkhead } = presence();
    const asked = [ask(1), ask(1), ask(1)];
    expect(bulkhead.waiting).toBe(1);
    await departed();
    expect(departures(channel)).toEqual([['1']]);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual(Array(3).fill(answerOf(1, 1)));
    expect(bulkhead.waiting).toBe(0);
  });

  it('are one while they wait for a slot', async () => {
    const { ask, channel } = presence(oneSlot);
    ask(0);
    await departed();
    const asked = [ask(1), ask(1)];
    await departed();
    asked.push(ask(1));
    serve(channel.take());
    await departed();
    expect(departures(channel)).toEqual([['0'], ['1']]);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual(Array(3).fill(answerOf(1, 1)));
  });

  it('fail together', async () => {
    const { ask, channel } = presence();
    const asked = [ask(1), ask(1)];
    await departed();
    serve(channel.take(), () => 5);
    await departed();
    expect(asked.map(({ error }) => error)).toEqual(Array(2).fill(expect.objectContaining({ code: 'not-found' })));
  });

  const person: Caller = {
    subject: 'a',
    kind: 'user',
    client: 'mobile',
    scopes: ['read:rooms'],
    roles: ['user'],
    permissions: [],
    session: 's1',
  };
  const ofCallers = async (...callers: Caller[]) => {
    const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey: randomBytes(32) });
    const { client, channel } = clientOf(PresenceService, { minter });
    for (const caller of callers)
      outcomeOf(client.countOnline({ roomId: '1' }, new RequestContext({ ...contextOf('', {}), caller, ending: new Ending() })));
    await departed();
    return callsOf(channel.take()).length;
  };

  it('are one over Caller objects that say the same', async () => {
    expect(await ofCallers(person, { ...person, scopes: [...person.scopes] }, Object.freeze({ ...person }))).toBe(1);
  });

  it.each<[string, Partial<Caller>]>([
    ['subject', { subject: 'b' }],
    ['kind', { kind: 'bot' }],
    ['client', { client: 'web' }],
    ['scopes', { scopes: ['read:rooms', 'write:rooms'] }],
    ['roles', { roles: ['admin'] }],
    ['session', { session: 's2' }],
  ])('are not of one caller whose %s differs', async (_, change) => {
    expect(await ofCallers(person, { ...person, ...change })).toBe(2);
  });

  it('are not of one caller who has no session, or no roles', async () => {
    const { session: _, ...withoutSession } = person;
    expect(await ofCallers(person, withoutSession, { ...person, roles: [] })).toBe(3);
  });

  it('are equal by every byte of the request, and over nothing else', async () => {
    const { ask, channel } = presence();
    for (const room of ['1', '10', '01', ' 1', '', '\u00e9', 'e\u0301', '\u0000']) ask(room);
    for (const [subject, room] of ['12', '1 2', ' 12', '121'].map((text) => [text.slice(0, 1), text.slice(1)] as const)) ask(room, subject);
    await departed();
    expect(channel.sent.flatMap(callsOf)).toHaveLength(12);
  });
});

describe('a read', () => {
  it('never joins one that has left: it could miss what its caller wrote since', async () => {
    const { ask, channel } = presence();
    const first = ask(1);
    await departed();
    const second = ask(1);
    await departed();
    expect(departures(channel)).toEqual([['1'], ['1']]);
    serve(channel.take(), () => ({ count: 1 }));
    serve(channel.take(), () => ({ count: 2 }));
    await departed();
    expect([first.value, second.value]).toEqual([{ count: 1 }, { count: 2 }]);
  });

  it('never joins one for which nobody waits any more', async () => {
    const { ask, channel } = presence(oneSlot);
    ask(0);
    await departed();
    const ending = new Ending();
    const left = ask(1, 1, { ending });
    ending.end('bye');
    const stays = ask(1);
    serve(channel.take());
    await departed();
    serve(channel.take());
    await departed();
    expect([left.error, stays.value]).toEqual([hungUp, answerOf(1, 1)]);
  });

  it('that is tried again is never joined by another caller', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { ask, channel } = presence(oneSlot);
    const first = ask(1, 1);
    await departed();
    refuse(channel.take());
    ask(9, 3);
    await pass(10);
    const second = ask(1, 2);
    serve(channel.take());
    await departed();
    serve(channel.take());
    await departed();
    expect([first.value, second.value]).toEqual([answerOf(1, 1), answerOf(2, 1)]);
  });
});

describe('what has effects', () => {
  it('is asked for as often as it is called, where nobody knows them', async () => {
    const { client, channel } = clientOf(RoomsService);
    for (let call = 0; call < 3; call++) outcomeOf(client.createRoom({ name: 'tea' }, contextOf('1')));
    await departed();
    expect(channel.sent).toHaveLength(3);
  });

  it('is asked for as often as it is called, also where that makes no difference', async () => {
    const { client, channel } = clientOf(PresenceService);
    for (let call = 0; call < 3; call++) outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
    await departed();
    expect(channel.sent).toHaveLength(3);
  });
});

describe('an answer', () => {
  const user = { id: 'u', name: 'Ann' };
  const answerFor = async (calls: number) => {
    const { client, channel } = clientOf(UsersService);
    const asked = Array.from({ length: calls }, () => outcomeOf(client.getUser({ userId: 'u' }, contextOf('1'))));
    await departed();
    channel.take().answered(null, Buffer.from(GetUserResponse.encode(GetUserResponse.fromPartial({ user })).finish()));
    await departed();
    return asked.map(({ value }) => value!);
  };

  it('that several share is frozen to its depth', async () => {
    const [one, other] = await answerFor(2);
    expect(one).toBe(other);
    expect(one?.user?.name).toBe('Ann');
    expect([one, one?.user].map((part) => Object.isFrozen(part))).toEqual([true, true]);
  });

  it('of one alone is its own to change', async () => {
    const [one] = await answerFor(1);
    expect([one, one?.user].map((part) => Object.isFrozen(part))).toEqual([false, false]);
  });
});

describe('of those who wait for one call', () => {
  it('one may hang up, and the others get the answer', async () => {
    const { ask, channel } = presence();
    const endings = [new Ending(), new Ending(), new Ending()];
    const asked = endings.map((ending) => ask(1, 1, { ending }));
    endings[0]?.end('before it left');
    await departed();
    endings[1]?.end('on the wire');
    expect(channel.sent[0]?.cancelled).toBe(false);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value, error }) => value ?? error)).toEqual([hungUp, hungUp, answerOf(1, 1)]);
  });

  it('the last to hang up ends it', async () => {
    const { ask, channel, bulkhead } = presence();
    const endings = [new Ending(), new Ending()];
    const asked = endings.map((ending) => ask(1, 1, { ending }));
    await departed();
    endings[0]?.end('bye');
    expect([channel.sent[0]?.cancelled, bulkhead.waiting]).toEqual([false, 1]);
    endings[1]?.end('bye');
    expect([channel.sent[0]?.cancelled, bulkhead.waiting, bulkhead.rpcs]).toEqual([true, 0, 0]);
    await departed();
    expect(asked.map(({ error }) => error)).toEqual([hungUp, hungUp]);
  });

  it('nobody is waited for where all hung up before it left', async () => {
    const { ask, channel } = presence();
    const endings = [new Ending(), new Ending()];
    endings.forEach((ending) => ask(1, 1, { ending }));
    endings.forEach((ending) => ending.end('bye'));
    await departed();
    expect(channel.log).toEqual([]);
  });

  it('each leaves at its own deadline, and the call goes on for the most patient', async () => {
    const { ask, channel } = presence();
    const [hasty, patient] = [ask(1, 1, { timeoutMs: 100 }), ask(1, 1, { timeoutMs: 1_000 })];
    await departed();
    expect(channel.sent[0]?.deadline).toBe(Date.now() + 1_000);
    await pass(99);
    expect(hasty.error).toBeUndefined();
    await pass(1);
    expect(hasty.error).toEqual(timeout);
    expect(channel.sent[0]?.cancelled).toBe(false);
    await pass(800);
    serve(channel.take());
    await departed();
    expect(patient.value).toEqual(answerOf(1, 1));
  });

  it.each([
    ['before it left', true],
    ['while it waits for a slot', false],
  ])('the hasty one that joins %s leaves in time', async (_, free) => {
    const { ask, channel } = presence(oneSlot);
    if (!free) {
      ask(0);
      await departed();
    }
    const patient = ask(1, 1, { timeoutMs: 5_000 });
    if (!free) await departed();
    const hasty = ask(1, 1, { timeoutMs: 30 });
    await pass(30);
    expect([hasty.error, patient.error]).toEqual([timeout, undefined]);
    while (channel.sent.length > 0) {
      serve(channel.take());
      await departed();
    }
    expect(patient.value).toEqual(answerOf(1, 1));
  });

  it('the one who left says nothing about how long it may take', async () => {
    const { ask, channel } = presence(oneSlot);
    ask(0);
    await departed();
    const ending = new Ending();
    ask(1, 1, { timeoutMs: 50_000, ending });
    ask(1, 1, { timeoutMs: 1_000 });
    ending.end('bye');
    serve(channel.take());
    await departed();
    expect(channel.take().deadline).toBe(Date.now() + 1_000);
  });
});
