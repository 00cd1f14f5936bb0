import { Ending, RequestContext, type Caller } from '@facet/context';
import { BatchCountOnlineRequest, BatchCountOnlineResponse, CountOnlineRequest, CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answered, Channel, OutgoingRpc } from './channel.js';
import { Bulkhead } from './bulkhead.js';
import { createClient } from './client.js';
import { LastGood } from './last-good.js';
import { policyFor, type PolicyOptions } from './policy.js';
import { RetryBudget } from './retry-budget.js';

interface Sent extends OutgoingRpc {
  readonly answered: Answered;
  cancelled: boolean;
}

/** A channel that keeps what is sent until the test answers it. */
class HeldChannel implements Channel {
  readonly sent: Sent[] = [];

  send(rpc: OutgoingRpc, answered: Answered): () => void {
    const sent: Sent = { ...rpc, answered, cancelled: false };
    this.sent.push(sent);
    return () => (sent.cancelled = true);
  }

  close(): void {}
}

const callerNamed = (subject: string): Caller => ({ subject, kind: 'user', client: 'mobile-app', scopes: [], roles: [] });
const contextOf = (subject: string, signal = new AbortController().signal, timeoutMs = 60_000) =>
  new RequestContext({ caller: callerNamed(subject), deadline: Date.now() + timeoutMs, ending: Ending.of(signal), requestId: 'r' });

function clientOver(channel: Channel, policy: PolicyOptions = {}) {
  const { retryBudget, bulkhead } = policyFor(policy);
  const remote = {
    service: PresenceService,
    dependency: 'presence',
    audience: 'presence-service',
    target: 'static:127.0.0.1:1',
    deadlineMs: 60_000,
    reserveMs: 0,
    policy,
    channel,
    minter: { mint: ({ subject }: Caller) => subject },
    budget: new RetryBudget(retryBudget),
    bulkhead: new Bulkhead(bulkhead),
  };
  return createClient(remote, new LastGood());
}

/** An honest service: the answer of a call tells who asked for what. */
function answerOf(subject: string, roomId: string): CountOnlineResponse {
  return { count: Number(subject) * 1_000 + Number(roomId) };
}

function serve({ path, bytes, headers, answered }: Sent): void {
  if (path.endsWith('/CountOnline')) {
    const answer = answerOf(headers.token ?? '', CountOnlineRequest.decode(bytes).roomId);
    return answered(null, Buffer.from(CountOnlineResponse.encode(answer).finish()));
  }
  const { callers, items } = BatchCountOnlineRequest.decode(bytes);
  const results = items.map(({ caller, request }) => ({
    result: { $case: 'response' as const, value: answerOf(callers?.tokens[caller] ?? '', request?.roomId ?? '') },
  }));
  answered(null, Buffer.from(BatchCountOnlineResponse.encode({ results }).finish()));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Until every call that was made is on the wire. */
const departed = async () => {
  await turn();
  await turn();
};

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      subject: fc.nat(4),
      room: fc.nat(6),
      hangsUp: fc.boolean(),
      timeoutMs: fc.integer({ min: 20_000, max: 60_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hang up' as const), which: fc.nat(20) }) },
);

describe('a batch', () => {
  it('carries calls whose remaining times are within a factor of two of the most urgent one, and no other', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    const asked = [2_500, 3_000, 11_000, 2_580, 4_800].map((ms, room) =>
      client.countOnline({ roomId: String(room) }, contextOf('1', undefined, ms)),
    );
    await departed();
    const roomsOf = ({ path, bytes }: Sent) =>
      path.endsWith('/CountOnline')
        ? [CountOnlineRequest.decode(bytes).roomId]
        : BatchCountOnlineRequest.decode(bytes).items.map(({ request }) => request?.roomId);
    expect(channel.sent.map(roomsOf)).toEqual([['0', '3', '1', '4'], ['2']]);
    channel.sent.forEach(serve);
    await Promise.all(asked);
  });

  it('gives each caller its own answer and nobody another one, however calls, answers and hang-ups interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const channel = new HeldChannel();
        const client = clientOver(channel);
        const asked: { expected: CountOnlineResponse; outcome: Promise<unknown>; hangUp: AbortController }[] = [];
        for (const now of steps) {
          if (now.do === 'turn') await departed();
          else if (now.do === 'hang up') asked[now.which]?.hangUp.abort();
          else if (now.do === 'answer') channel.sent.splice(now.which % Math.max(1, channel.sent.length), 1).forEach(serve);
          else {
            const [subject, roomId, hangUp] = [String(now.subject), String(now.room), new AbortController()];
            const outcome = client
              .countOnline({ roomId }, contextOf(subject, hangUp.signal, now.timeoutMs))
              .catch((error: unknown) => error);
            asked.push({ expected: answerOf(subject, roomId), outcome, hangUp });
          }
        }
        await departed();
        while (channel.sent.length > 0) {
          channel.sent.splice(0).reverse().forEach(serve);
          await departed();
        }
        for (const { expected, outcome, hangUp } of asked) {
          const got = await outcome;
          if (!hangUp.signal.aborted) expect(got).toEqual(expected);
          else if ('count' in (got as object)) expect(got).toEqual(expected);
          else expect(got).toMatchObject({ code: 'client-closed-request' });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('holds at most 500 calls', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel, { batch: { outstanding: 3 } });
    const answers = Array.from({ length: 1_001 }, (_, room) => client.countOnline({ roomId: String(room) }, contextOf('1')));
    await departed();
    expect(channel.sent.map(({ path }) => path.split('/').pop())).toEqual(['BatchCountOnline', 'BatchCountOnline', 'CountOnline']);
    channel.sent.forEach(serve);
    await expect(Promise.all(answers)).resolves.toHaveLength(1_001);
  });

  it('carries each distinct caller once', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    for (const [subject, room] of ['12', '13', '22', '11'].map((pair) => [...pair] as [string, string]))
      void client.countOnline({ roomId: room }, contextOf(subject));
    await departed();
    const { callers, items } = BatchCountOnlineRequest.decode(channel.sent[0]?.bytes ?? Buffer.alloc(0));
    expect(callers?.tokens).toEqual(['1', '2']);
    expect(items.map(({ caller }) => caller)).toEqual([0, 0, 1, 0]);
  });

  it('takes along only calls of similar deadlines', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    const patience = [100, 110, 50_000, 55_000];
    patience.forEach(
      (timeoutMs, room) => void client.countOnline({ roomId: String(room) }, contextOf('1', undefined, timeoutMs)).catch(() => undefined),
    );
    await departed();
    expect(channel.sent).toHaveLength(2);
  });

  it('never joins a call that has left: it could miss what its caller wrote since', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    const first = client.countOnline({ roomId: '1' }, contextOf('1'));
    await departed();
    const second = client.countOnline({ roomId: '1' }, contextOf('1'));
    await departed();
    expect(channel.sent).toHaveLength(2);
    channel.sent.forEach(serve);
    await expect(Promise.all([first, second])).resolves.toHaveLength(2);
  });

  it('is cancelled when the last who waits hangs up, not before', async () => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    const [one, other] = [new AbortController(), new AbortController()];
    const outcomes = [one, other].map(({ signal }, room) =>
      client.countOnline({ roomId: String(room) }, contextOf('1', signal)).catch((error: unknown) => error),
    );
    await departed();
    one.abort();
    expect(channel.sent[0]?.cancelled).toBe(false);
    other.abort();
    expect(channel.sent[0]?.cancelled).toBe(true);
    await expect(Promise.all(outcomes)).resolves.toEqual(Array(2).fill(expect.objectContaining({ code: 'client-closed-request' })));
  });

  it.each([
    ['cannot be decoded', Buffer.from([0xff, 0xff])],
    ['has too few results', Buffer.from(BatchCountOnlineResponse.encode({ results: [] }).finish())],
    [
      'has results without an outcome',
      Buffer.from(BatchCountOnlineResponse.encode({ results: [{ result: undefined }, { result: undefined }] }).finish()),
    ],
  ])('whose answer %s is a failed dependency', async (_, bytes) => {
    const channel = new HeldChannel();
    const client = clientOver(channel);
    const outcomes = ['1', '2'].map((roomId) => client.countOnline({ roomId }, contextOf('1')).catch((error: unknown) => error));
    await departed();
    channel.sent[0]?.answered(null, bytes);
    await expect(Promise.all(outcomes)).resolves.toEqual(
      Array(2).fill(expect.objectContaining({ dependency: 'presence', reason: 'invalid' })),
    );
  });
});
