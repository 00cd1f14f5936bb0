import { Ending } from '@facet/context';
import { GrpcStatus } from '@facet/errors';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answerOf, departed, departures, holdTime, pass, presence, roomsOf, serve } from '../test/held-channel.fixtures.js';

holdTime();
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

const timeout = expect.objectContaining({ dependency: 'presence', reason: 'timeout' });
const { DEADLINE_EXCEEDED } = GrpcStatus;

describe('the deadline of an RPC', () => {
  it('is what is left of the request, less the reserve', async () => {
    const { ask, channel } = presence({ reserveMs: 20 });
    ask(1, 1, { timeoutMs: 300 });
    await departed();
    expect(channel.take().deadline).toBe(Date.now() + 280);
  });

  it('is no later than the client allows, however patient the request is', async () => {
    const { ask, channel } = presence({ deadlineMs: 250, reserveMs: 20 });
    ask(1, 1, { timeoutMs: 5_000 });
    await departed();
    expect(channel.take().deadline).toBe(Date.now() + 250);
  });

  it('is the most patient one of its batch, which is to be answered in 95 of 100 parts of the least patient one', async () => {
    const { ask, channel } = presence();
    ask(1, 1, { timeoutMs: 1_500 });
    ask(2, 1, { timeoutMs: 1_000 });
    ask(3, 1, { timeoutMs: 2_000 });
    await departed();
    const { deadline, headers } = channel.take();
    expect([deadline, headers.answerWithinMs]).toEqual([Date.now() + 2_000, 950]);
  });

  it('is that of those who still wait, by then', async () => {
    const { ask, channel } = presence({ policy: { batch: { outstanding: 1 } } });
    ask(0);
    await departed();
    ask(1, 1, { timeoutMs: 1_000 });
    ask(2, 1, { timeoutMs: 1_400 });
    await pass(50);
    serve(channel.take());
    await departed();
    const { deadline, headers } = channel.take();
    expect([deadline, headers.answerWithinMs]).toEqual([Date.now() + 1_350, 902.5]);
  });

  it('gives a batch a millisecond at least', async () => {
    const { ask, channel } = presence();
    ask(1, 1, { timeoutMs: 1 });
    ask(2, 1, { timeoutMs: 1 });
    await departed();
    expect(channel.take().headers.answerWithinMs).toBe(1);
  });
});

describe('nothing starts', () => {
  it.each([
    ['whose time is over', -1],
    ['whose time is just over', 0],
    ['with nothing left but the reserve', 20],
  ])('for a request %s', async (_, timeoutMs) => {
    const { ask, channel, bulkhead } = presence({ reserveMs: 20 });
    const asked = ask(1, 1, { timeoutMs });
    await departed();
    expect(asked.error).toEqual(timeout);
    expect([channel.log, bulkhead.waiting]).toEqual([[], 0]);
  });

  it('for a request that has a millisecond more than the reserve, but spends it before the turn is over', async () => {
    const { ask, channel } = presence({ reserveMs: 20 });
    const asked = ask(1, 1, { timeoutMs: 21 });
    vi.setSystemTime(Date.now() + 1);
    await departed();
    expect([asked.error, channel.log]).toEqual([timeout, []]);
  });

  it('for a request that ended', async () => {
    const { ask, channel, bulkhead } = presence();
    const ending = new Ending();
    ending.end('bye');
    const asked = ask(1, 1, { ending });
    await departed();
    expect(asked.error).toMatchObject({ code: 'client-closed-request', cause: 'bye' });
    expect([channel.log, bulkhead.waiting]).toEqual([[], 0]);
  });
});

describe('a call on the wire', () => {
  it('ends at its deadline, where the RPC is cancelled when it was the last', async () => {
    const { ask, channel } = presence();
    const [hasty, patient] = [ask(1, 1, { timeoutMs: 1_000 }), ask(2, 1, { timeoutMs: 1_600 })];
    await pass(999);
    expect(hasty.error).toBeUndefined();
    await pass(1);
    expect([hasty.error, patient.error, channel.sent[0]?.cancelled]).toEqual([timeout, undefined, false]);
    await pass(600);
    expect([patient.error, channel.sent[0]?.cancelled]).toEqual([timeout, true]);
  });

  it('ends at its deadline also where an earlier one had rung', async () => {
    const { ask } = presence();
    const asked = [1_000, 1_001, 1_400, 1_900].map((timeoutMs, room) => ask(room, 1, { timeoutMs }));
    for (const [at, ms] of [1_000, 1, 399, 500].entries()) {
      await pass(ms - 1);
      expect(asked[at]?.error).toBeUndefined();
      await pass(1);
      expect(asked[at]?.error).toEqual(timeout);
    }
  });

  it('gets nothing of an answer that comes after its deadline', async () => {
    const { ask, channel } = presence();
    const [hasty, patient] = [ask(1, 1, { timeoutMs: 1_000 }), ask(2, 1, { timeoutMs: 1_600 })];
    await pass(1_200);
    serve(channel.take());
    await departed();
    expect([hasty.error, hasty.value, patient.value]).toEqual([timeout, undefined, answerOf(1, 2)]);
  });

  it('leaves no timer behind when it is answered', async () => {
    const { ask, channel } = presence();
    ask(1, 1, { timeoutMs: 1_000 });
    await departed();
    expect(vi.getTimerCount()).toBe(1);
    serve(channel.take());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an item that the service says is late', () => {
  it('is tried again while its caller has time, and its neighbours are answered', async () => {
    const { ask, channel } = presence();
    const [hasty, patient, other] = [1_000, 1_900, 1_800].map((timeoutMs, room) => ask(room, 1, { timeoutMs }));
    await pass(950);
    serve(channel.take(), ({ room }) => (room === '2' ? answerOf(1, 2) : DEADLINE_EXCEEDED));
    await pass(10);
    expect(other?.value).toEqual(answerOf(1, 2));
    expect(departures(channel)).toEqual([['0', '2', '1'], ['0'], ['1']]);
    for (const sent of channel.sent.splice(0)) serve(sent);
    await departed();
    expect([hasty?.value, patient?.value]).toEqual([answerOf(1, 0), answerOf(1, 1)]);
  });

  it('fails where its caller has no time for another try', async () => {
    const { ask, channel } = presence();
    const [late, other] = [ask(1, 1, { timeoutMs: 1_000 }), ask(2, 1, { timeoutMs: 1_000 })];
    await pass(990);
    serve(channel.take(), ({ room }) => (room === '1' ? DEADLINE_EXCEEDED : answerOf(1, 2)));
    await departed();
    expect([late.error, other.value]).toEqual([timeout, answerOf(1, 2)]);
  });

  it('is tried again for those who have time, where others waited for the same who have none', async () => {
    const { ask, channel } = presence();
    const [hasty, patient] = [ask(1, 1, { timeoutMs: 100 }), ask(1, 1, { timeoutMs: 5_000 })];
    ask(2, 1, { timeoutMs: 100 });
    await pass(95);
    serve(channel.take(), () => DEADLINE_EXCEEDED);
    await pass(10);
    expect(hasty.error).toEqual(timeout);
    expect(roomsOf(channel.sent[0]!)).toEqual(['1']);
    serve(channel.take());
    await departed();
    expect(patient.value).toEqual(answerOf(1, 1));
  });
});
