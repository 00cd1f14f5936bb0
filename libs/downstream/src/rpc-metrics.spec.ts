import { renderMetrics } from '@facet/observability';
import { beforeEach, describe, expect, it } from 'vitest';
import { MethodMetrics } from './rpc-metrics.js';

const path = '/facet.rooms.v1.RoomsService/ListRooms';
let tests = 0;
let target: string;
let metrics: MethodMetrics;
beforeEach(() => {
  target = `static:test:${++tests}`;
  metrics = new MethodMetrics('rooms', target, path);
});

/** The value of one line of what Prometheus reads. */
const lineOf = async (name: string, labels: Readonly<Record<string, string>>) => {
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = (await renderMetrics())
    .split('\n')
    .find((one) => one.startsWith(`${name}{`) && text.every((pair) => one.includes(pair)) && one.split('="').length === text.length + 1);
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
};
const valueOf = (name: string, more: Readonly<Record<string, string>> = {}) =>
  lineOf(`facet_downstream_${name}`, { dependency: 'rooms', target, method: 'ListRooms', ...more });
const durationOf = (name: string, error: string, more: Readonly<Record<string, string>> = {}) =>
  lineOf(`rpc_client_call_duration_seconds_${name}`, {
    rpc_system_name: 'grpc',
    rpc_method: 'facet.rooms.v1.RoomsService/ListRooms',
    server_address: target,
    error_type: error,
    ...more,
  });

describe('the metrics of a method', () => {
  it('are there before anything happened', async () => {
    await expect(valueOf('rpcs_total', { outcome: 'ok' })).resolves.toBe(0);
    await expect(valueOf('rpcs_in_flight')).resolves.toBe(0);
    await expect(valueOf('breaker_state')).resolves.toBe(0);
  });

  it('count RPCs by outcome', async () => {
    for (const outcome of ['ok', 'deadline-exceeded', 'ok', 'ok', 'deadline-exceeded'] as const) metrics.landed(outcome, 1);
    await expect(valueOf('rpcs_total', { outcome: 'ok' })).resolves.toBe(3);
    await expect(valueOf('rpcs_total', { outcome: 'deadline-exceeded' })).resolves.toBe(2);
    await expect(valueOf('rpcs_total', { outcome: 'not-found' })).resolves.toBeUndefined();
  });

  it('know how many RPCs are on the wire', async () => {
    metrics.departed(1, 0);
    metrics.departed(1, 0);
    metrics.departed(1, 0);
    metrics.landed('dependency-unavailable', 1);
    await expect(valueOf('rpcs_in_flight')).resolves.toBe(2);
  });

  it('measure durations in seconds, with the names that the field has for them', async () => {
    metrics.landed('ok', 30);
    metrics.landed('ok', 7);
    metrics.landed('deadline-exceeded', 2_000);
    await expect(durationOf('count', '')).resolves.toBe(2);
    await expect(durationOf('sum', '')).resolves.toBeCloseTo(0.037);
    await expect(durationOf('bucket', '', { le: '0.01' })).resolves.toBe(1);
    await expect(durationOf('bucket', '', { le: '0.05' })).resolves.toBe(2);
    await expect(durationOf('sum', 'deadline-exceeded')).resolves.toBe(2);
    await expect(durationOf('bucket', 'deadline-exceeded', { le: '10' })).resolves.toBe(1);
  });

  it('know how many calls travel together', async () => {
    metrics.departed(1, 0);
    metrics.departed(300, 0);
    await expect(valueOf('batch_items_sum')).resolves.toBe(301);
    await expect(valueOf('batch_items_bucket', { le: '1' })).resolves.toBe(1);
    await expect(valueOf('batch_items_bucket', { le: '200' })).resolves.toBe(1);
    await expect(valueOf('batch_items_bucket', { le: '500' })).resolves.toBe(2);
  });

  it('know in seconds how long calls wait for their departure', async () => {
    metrics.departed(1, 0.4);
    metrics.departed(1, 40);
    await expect(valueOf('queue_seconds_sum')).resolves.toBeCloseTo(0.0404);
    await expect(valueOf('queue_seconds_bucket', { le: '0.0005' })).resolves.toBe(1);
    await expect(valueOf('queue_seconds_bucket', { le: '0.05' })).resolves.toBe(2);
    await expect(valueOf('queue_seconds_bucket', { le: '1' })).resolves.toBe(2);
  });

  it('count what was tried again and what the budget refused, in calls', async () => {
    metrics.retried(3, 'taken');
    metrics.retried(2, 'taken');
    metrics.retried(40, 'refused');
    await expect(valueOf('retries_total', { decision: 'taken' })).resolves.toBe(5);
    await expect(valueOf('retries_total', { decision: 'refused' })).resolves.toBe(40);
  });

  it('count hedges, coalesced calls and refused ones apart', async () => {
    metrics.hedged(2);
    for (let times = 0; times < 3; times++) metrics.coalesced();
    for (const reason of ['open', 'shed', 'open'] as const) metrics.refused(reason);
    await expect(valueOf('hedges_total')).resolves.toBe(2);
    await expect(valueOf('coalesced_calls_total')).resolves.toBe(3);
    await expect(valueOf('refused_calls_total', { reason: 'open' })).resolves.toBe(2);
    await expect(valueOf('refused_calls_total', { reason: 'shed' })).resolves.toBe(1);
  });

  it.each([
    ['open', 2],
    ['half_open', 1],
    ['closed', 0],
  ] as const)('show a breaker that is %s as %i', async (state, value) => {
    metrics.breaker('open');
    metrics.breaker(state);
    await expect(valueOf('breaker_state')).resolves.toBe(value);
  });

  it('belong to one target', async () => {
    new MethodMetrics('rooms', `${target}0`, path).landed('ok', 1);
    await expect(valueOf('rpcs_total', { outcome: 'ok' })).resolves.toBe(0);
  });

  it('may be told the full name of a method without a slash before it', async () => {
    new MethodMetrics('rooms', `${target}1`, 'facet.rooms.v1.RoomsService/ListRooms').landed('ok', 1);
    await expect(durationOf('count', '', { server_address: `${target}1` })).resolves.toBe(1);
    await expect(valueOf('rpcs_total', { target: `${target}1`, outcome: 'ok' })).resolves.toBe(1);
  });

  it('explain themselves', async () => {
    const text = await renderMetrics();
    const explained = text.match(/^# HELP (facet_downstream_|rpc_client_)\S+ .{10,}$/gm)!;
    expect(explained.length).toBeGreaterThanOrEqual(10);
    expect(text.match(/^# TYPE (facet_downstream_|rpc_client_)/gm)).toHaveLength(explained.length);
    expect(text).toContain('# TYPE facet_downstream_breaker_state gauge');
    expect(text).toContain('# TYPE facet_downstream_queue_seconds histogram');
  });
});
