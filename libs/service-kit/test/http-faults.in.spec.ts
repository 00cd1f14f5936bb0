import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module } from '@nestjs/common';
import { deriveInternalKey, InternalTokenMinter } from '@facet/auth';
import { MediaService } from '@facet/contracts/media/http';
import { silentLogger } from '@facet/observability';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { CallFault } from '../src/faults.js';
import { HttpAnswer, HttpRpc, httpService } from '../src/http.js';
import { startApp, type RunningApp } from '../src/index.js';
import { alice, productionConfig } from './tiny-service.js';

const handled = vi.fn();

@Controller()
class TinyHttp {
  @HttpRpc(MediaService, 'deleteAttachment', z.object({ id: z.string() }))
  delete() {
    handled();
    return {};
  }

  @Get('bytes')
  bytes() {
    return new HttpAnswer({ headers: { 'content-length': '4' }, body: 'abcd' });
  }
}

@Module({ controllers: [TinyHttp] })
class TinyModule {}

const rootKey = randomBytes(32);
let folder: string;
let app: RunningApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-faults-'));
  vi.stubEnv('FAULTS_FILE', join(folder, 'faults.json'));
  handled.mockClear();
});
afterEach(async () => {
  await app.stop();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function switchOn(calls: Record<string, CallFault>): void {
  writeFileSync(join(folder, 'new'), JSON.stringify({ calls }));
  renameSync(join(folder, 'new'), join(folder, 'faults.json'));
}

async function start(environment: 'development' | 'production' = 'development'): Promise<void> {
  app = await startApp({
    name: 'media-service',
    config: { ...productionConfig, FACET_ENV: environment },
    module: TinyModule,
    server: httpService({ port: 0, internalKeys: { 'mobile-bff': deriveInternalKey(rootKey, 'media-service') } }),
    logger: silentLogger,
  });
}

/** Status and body of a call that may take so long. */
async function call(method: string, path: string, withinMs = 5_000) {
  const token = await new InternalTokenMinter({ issuer: 'mobile-bff', rootKey }).mint(alice, 'media-service');
  const headers = { authorization: `Bearer ${token}`, 'request-timeout-ms': String(withinMs) };
  const response = await fetch(app.listening['http'] + path, { method, headers });
  return [response.status, await response.text()];
}
const remove = (withinMs?: number) => call('DELETE', '/v1/attachments/x', withinMs);
const bytes = () => call('GET', '/bytes');
const health = () => call('GET', '/health/ready');

describe('in development', () => {
  it('failing is a problem, of the method that is named and of no other', async () => {
    switchOn({ 'media-service/DeleteAttachment': { kind: 'failing', problem: 'dependency-unavailable' } });
    await start();
    expect(await remove()).toEqual([503, expect.stringContaining('"code":"dependency-unavailable"')]);
    expect([await bytes(), (await health())[0], handled.mock.calls.length]).toEqual([[200, 'abcd'], 200, 0]);
  });

  it('garbage is no JSON, and no bytes that were asked for; health is as it is', async () => {
    switchOn({ 'media-service': { kind: 'garbage' } });
    await start();
    for (const [status, body] of [await remove(), await bytes()]) {
      expect(status).toBe(200);
      expect(() => JSON.parse(body as string) as unknown).toThrow();
    }
    expect([(await health())[0], handled.mock.calls.length]).toEqual([200, 1]);
  });

  it('slow is later than who is in a hurry waits, and an answer for others', async () => {
    switchOn({ 'media-service': { kind: 'slow', delayMs: 300 } });
    await start();
    expect((await remove(100))[0]).toBe(504);
    expect(handled).not.toHaveBeenCalled();
    expect(await remove()).toEqual([200, '{}']);
    switchOn({});
    await vi.waitFor(async () => expect((await remove(250))[0]).toBe(200), 5_000);
  });
});

it('in production nothing is the matter', async () => {
  switchOn({ 'media-service': { kind: 'garbage' } });
  await start('production');
  expect([await remove(), await bytes()]).toEqual([
    [200, '{}'],
    [200, 'abcd'],
  ]);
});
