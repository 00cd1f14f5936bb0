import { EventEmitter } from 'node:events';
import { Metadata, status } from '@grpc/grpc-js';
import { silentLogger } from '@facet/observability';
import { expect, it, vi } from 'vitest';
import type { RawCall } from './call-scope.js';
import { RpcLog } from './rpc-log.js';
import { serveRpc } from './serve-rpc.js';

const callOf = ({ deadline = Date.now() + 10_000, cancelled = false, headers = {} } = {}) =>
  Object.assign(new EventEmitter(), {
    metadata: Metadata.fromHttp2Headers(headers),
    getDeadline: () => deadline,
    cancelled,
    request: Buffer.alloc(0),
  }) as unknown as RawCall;

/** What becomes of a call: how often its handler began, and the status of its answer. */
async function serving(call: RawCall) {
  const serve = vi.fn(async () => Buffer.alloc(0));
  const log = new RpcLog('facet.presence.v1.PresenceService/Heartbeat', silentLogger);
  const handler = serveRpc({ serve, inFlight: new Set(), log });
  const code = await new Promise((resolve) => handler(call, (failure) => resolve(failure?.code ?? status.OK)));
  return { begun: serve.mock.calls.length, code };
}

it('a call in time is served', async () => {
  await expect(serving(callOf())).resolves.toEqual({ begun: 1, code: status.OK });
});

it('a call whose deadline passed on its way is not begun', async () => {
  await expect(serving(callOf({ deadline: Date.now() - 1 }))).resolves.toEqual({ begun: 0, code: status.DEADLINE_EXCEEDED });
});

it('a batch that should have been answered by now is not begun', async () => {
  await expect(serving(callOf({ headers: { 'x-answer-within-ms': '0' } }))).resolves.toEqual({ begun: 0, code: status.DEADLINE_EXCEEDED });
});

it('a call that was cancelled on its way is not begun', async () => {
  await expect(serving(callOf({ cancelled: true }))).resolves.toEqual({ begun: 0, code: status.CANCELLED });
});
