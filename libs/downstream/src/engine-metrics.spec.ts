import { Ending } from '@facet/context';
import { GrpcStatus } from '@facet/errors';
import { renderMetrics } from '@facet/observability';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyOptions } from './policy.js';
import { departed, holdTime, pass, presence, refuse, serve } from '../test/held-channel.fixtures.js';

let tests = 0;
let target: string;
holdTime();
beforeEach(() => {
  target = `static:engine:${++tests}`;
});

const worldOf = (policy: PolicyOptions = {}, deadlineMs = 60_000) => presence({ policy, target, deadlineMs });

/** All that is counted of this test's target and not zero, by name and what tells it from its like. */
async function counted(): Promise<Record<string, number>> {
  const lines = (await renderMetrics()).split('\n').filter((line) => line.includes(`target="${target}"`) && !line.includes('_bucket'));
  const pairs = lines.map((line): [string, number] => {
    const [, name = '', labels = '', value] = /^facet_downstream_(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    const own = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => !['dependency', 'target', 'method'].includes(label ?? ''));
    const method = /method="(\w+)"/.exec(labels)?.[1];
    return [[name, ...own.map(([, , text]) => text), ...(method === 'CountOnline' ? [] : [method])].join(' '), Number(value)];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== 0));
}

describe('what can be counted:', () => {
  it('an RPC of several calls, which waited so long', async () => {
    const { ask, channel } = worldOf({ batch: { outstanding: 1 } });
    ask(0);
    await departed();
    ask(1);
    await pass(20);
    [2, 3].forEach((room) => ask(room));
    serve(channel.take());
    await departed();
    expect(await counted()).toEqual({
      'rpcs_total ok': 1,
      rpcs_in_flight: 1,
      batch_items_sum: 4,
      batch_items_count: 2,
      queue_seconds_sum: 0.02,
      queue_seconds_count: 2,
    });
  });

  it('the time that an RPC took', async () => {
    const { ask, channel } = worldOf();
    ask(0);
    await pass(250);
    serve(channel.take());
    const sum = (await renderMetrics())
      .split('\n')
      .find((line) => line.startsWith('rpc_client_call_duration_seconds_sum') && line.includes(target));
    expect(Number(sum?.split(' ').at(-1))).toBe(0.25);
    expect(sum).toContain('rpc_method="facet.presence.v1.PresenceService/CountOnline"');
  });

  it.each<[string, (world: ReturnType<typeof worldOf>, ending: Ending) => unknown]>([
    ['ok', ({ channel }) => serve(channel.take(), () => GrpcStatus.NOT_FOUND)],
    ['not-found', ({ channel }) => refuse(channel.take(), GrpcStatus.NOT_FOUND)],
    ['dependency-unavailable', ({ channel }) => refuse(channel.take(), GrpcStatus.UNAVAILABLE)],
    ['deadline-exceeded', ({ channel }) => refuse(channel.take(), GrpcStatus.DEADLINE_EXCEEDED)],
    ['dependency-failed', ({ channel }) => channel.take().answered(null, Buffer.from([0xff]))],
    ['client-closed-request', (_, ending) => ending.end('bye')],
    ['deadline-exceeded', () => pass(300)],
  ])('an RPC that ended with %s', async (outcome, end) => {
    const world = worldOf({ retry: { attempts: 1 } }, 300);
    const ending = new Ending();
    [1, 2].forEach((room) => world.ask(room, 1, { ending, timeoutMs: 300 }));
    await departed();
    await end(world, ending);
    await departed();
    expect(await counted()).toMatchObject({ [`rpcs_total ${outcome}`]: 1, batch_items_sum: 2 });
    expect(Object.keys(await counted()).filter((name) => name.startsWith('rpcs_'))).toHaveLength(1);
  });

  it('an RPC that was given up because its callers were in a hurry, as theirs', async () => {
    const { ask } = worldOf({}, 1_000);
    ask(1, 1, { timeoutMs: 100 });
    await pass(100);
    expect(await counted()).toMatchObject({ 'rpcs_total client-closed-request': 1 });
  });

  it('calls that were tried again, and those that the budget did not let', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { ask, channel } = worldOf({ retryBudget: { tokens: 5 } });
    [1, 2].forEach((room) => ask(room));
    await departed();
    refuse(channel.take());
    await pass(5);
    refuse(channel.take());
    await pass(5);
    expect(await counted()).toMatchObject({
      'rpcs_total dependency-unavailable': 2,
      'retries_total taken': 2,
      'retries_total refused': 2,
      batch_items_sum: 4,
    });
    vi.restoreAllMocks();
  });

  it('calls that no other try could help, as neither', async () => {
    const { ask, channel } = worldOf();
    ask(1, 1, { timeoutMs: 5 });
    await departed();
    refuse(channel.take(), GrpcStatus.UNAVAILABLE, 100);
    await departed();
    expect(Object.keys(await counted()).filter((name) => name.startsWith('retries'))).toEqual([]);
  });

  it('calls that were sent once more, in an RPC that counts once', async () => {
    const { ask, channel } = worldOf({ hedgeAfterMs: 10 });
    [1, 2].forEach((room) => ask(room));
    await pass(10);
    serve(channel.take());
    await departed();
    expect(await counted()).toMatchObject({ hedges_total: 2, 'rpcs_total ok': 1, batch_items_count: 1 });
  });

  it('calls that joined others', async () => {
    const { ask } = worldOf();
    [1, 1, 1, 2].forEach((room) => ask(room));
    await departed();
    expect(await counted()).toMatchObject({ coalesced_calls_total: 2, batch_items_sum: 2 });
  });

  it('calls that were shed, and those that the breaker refused, by the call', async () => {
    const { ask, channel } = worldOf({ bulkhead: { waiting: 3 }, breaker: { minimumItems: 3 }, retry: { attempts: 1 } });
    [1, 2, 3, 4, 5].forEach((room) => ask(room));
    await departed();
    expect(await counted()).toMatchObject({ 'refused_calls_total shed': 2 });
    refuse(channel.take());
    [1, 2].forEach((room) => ask(room));
    await departed();
    expect(await counted()).toMatchObject({ 'refused_calls_total open': 2, breaker_state: 2 });
    await pass(1_000);
    ask(1);
    await departed();
    expect(await counted()).toMatchObject({ breaker_state: 1 });
    serve(channel.take());
    expect(await counted()).not.toHaveProperty('breaker_state');
  });

  it('calls that may not leave, by the call', async () => {
    const { ask, channel } = worldOf({ bulkhead: { rpcs: 1 }, batch: { outstanding: 2 } });
    ask(0);
    await departed();
    [1, 2].forEach((room) => ask(room));
    await departed();
    expect(await counted()).toMatchObject({ 'refused_calls_total shed': 2, rpcs_in_flight: 1 });
    serve(channel.take());
  });

  it('both halves of a batch that was refused whole, and itself', async () => {
    const { ask, channel } = worldOf();
    [1, 2].forEach((room) => ask(room));
    await departed();
    refuse(channel.take(), GrpcStatus.INVALID_ARGUMENT);
    for (const sent of channel.sent.splice(0)) serve(sent);
    expect(await counted()).toMatchObject({ 'rpcs_total ok': 2, 'rpcs_total invalid-request': 1, batch_items_count: 3 });
  });
});
