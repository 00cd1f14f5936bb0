import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallFault } from '../src/faults.js';
import { encodeMessage, methodOf } from '../src/wire.js';
import { alice, aRoom, startTiny, tokenOf, type Tiny } from './tiny-service.js';

let folder: string;
let path: string;
let tiny: Tiny;
const handled = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-faults-'));
  path = join(folder, 'faults.json');
  vi.stubEnv('FAULTS_FILE', path);
  handled.mockClear();
});
afterEach(async () => {
  await tiny.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts a file in the place of the one before, whole, as `npm run fault` does. */
function write(text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
const switchOn = (calls: Record<string, CallFault>) => write(JSON.stringify({ calls }));

async function start({ development = true } = {}): Promise<void> {
  tiny = await startTiny({ development });
  tiny.behaviour.count = async (items) => {
    handled();
    return items.map(() => ({ count: 1 }));
  };
}

const single = (deadlineMs = 5_000) => tiny.call('countOnline', { roomId: aRoom }, { deadline: Date.now() + deadlineMs });
async function batch(options: { answerWithinMs?: number } = {}) {
  const token = await tokenOf(alice);
  return tiny.call('batchCountOnline', { callers: { tokens: [token] }, items: [{ caller: 0, request: { roomId: aRoom } }] }, options);
}
/** The status that a call ends with. */
const statusOf = (call: Promise<unknown>) =>
  call.then(
    () => status.OK,
    (error: { code: number }) => error.code,
  );

describe('in development', () => {
  it('failing is UNAVAILABLE, or what was chosen, for the method that it names and its batch twin, and for no other', async () => {
    switchOn({ 'presence-service/CountOnline': { kind: 'failing', problem: 'dependency-unavailable' } });
    await start();
    expect(await Promise.all([single(), batch(), tiny.call('heartbeat', { status: 1 })].map(statusOf))).toEqual([
      status.UNAVAILABLE,
      status.UNAVAILABLE,
      status.OK,
    ]);
    expect(handled).not.toHaveBeenCalled();
    switchOn({ 'presence-service': { kind: 'failing', problem: 'not-found' } });
    await vi.waitFor(async () => expect(await statusOf(tiny.call('heartbeat', { status: 1 }))).toBe(status.NOT_FOUND), 5_000);
  });

  it('slow is later than the deadline of who is in a hurry, and an answer for who waits', async () => {
    switchOn({ 'presence-service': { kind: 'slow', delayMs: 300 } });
    await start();
    await expect(statusOf(single(100))).resolves.toBe(status.DEADLINE_EXCEEDED);
    expect(handled).not.toHaveBeenCalled();
    await expect(single()).resolves.toEqual({ count: 1 });
  });

  it('a slow batch is answered in time, each item with DEADLINE_EXCEEDED', async () => {
    switchOn({ 'presence-service/CountOnline': { kind: 'slow', delayMs: 60_000 } });
    await start();
    const { results } = await batch({ answerWithinMs: 100 });
    expect(results.map(({ result }) => result)).toMatchObject([{ $case: 'error', value: { code: status.DEADLINE_EXCEEDED } }]);
  });

  it('garbage cannot be decoded; that of a batch has another number of results', async () => {
    switchOn({ 'presence-service': { kind: 'garbage' } });
    await start();
    const { requestType } = methodOf(PresenceService, 'countOnline');
    const request = encodeMessage(requestType, requestType.fromPartial({ roomId: aRoom }));
    const bytes = await tiny.callRaw('countOnline', request, { token: await tokenOf(alice) });
    for (const { responseType } of Object.values(PresenceService.methods)) expect(() => responseType.decode(bytes)).toThrow();
    await expect(batch()).resolves.toEqual({ results: [] });
    expect(handled).toHaveBeenCalledTimes(2);
  });

  it('what is switched while it runs counts at once; what is not understood is ignored', async () => {
    await start();
    await expect(single()).resolves.toEqual({ count: 1 });
    switchOn({ 'presence-service': { kind: 'failing', problem: 'dependency-unavailable' } });
    await vi.waitFor(async () => expect(await statusOf(single())).toBe(status.UNAVAILABLE), 5_000);
    for (const bad of ['{', '[]', '{"calls":{"presence-service":{"kind":"gone"}}}']) {
      write(bad);
      await expect(statusOf(single())).resolves.toBe(status.UNAVAILABLE);
    }
    rmSync(path);
    await vi.waitFor(async () => expect(await statusOf(single())).toBe(status.OK), 5_000);
  });
});

it('in production nothing is the matter, whatever the file and the environment say', async () => {
  switchOn({ 'presence-service': { kind: 'failing', problem: 'dependency-unavailable' } });
  await start({ development: false });
  await expect(single()).resolves.toEqual({ count: 1 });
  switchOn({ 'presence-service': { kind: 'garbage' } });
  await expect(batch()).resolves.toMatchObject({ results: [{ result: { $case: 'response' } }] });
});
