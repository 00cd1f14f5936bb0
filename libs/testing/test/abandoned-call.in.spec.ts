import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { deriveInternalKey, InternalTokenMinter } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { within, type Database, type Lifetime } from '@facet/database';
import { silentLogger } from '@facet/observability';
import { BatchRpc, grpcServer, Rpc, startApp, type BatchContext, type BatchItem, type RunningApp } from '@facet/service-kit';
import { encodeMessage, methodOf, pathOf, writeHeaders } from '@facet/service-kit/wire';
import { Client, credentials, status } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { callerOf, idOf, testDatabase, type TestDatabase } from '../src/index.js';

const [endless, brief] = [idOf(1), idOf(2)];
const OneRoom = z.object({ roomId: z.string() });
let database: TestDatabase<unknown>;

/** Works in the database: briefly, or without an end. */
async function work(db: Database<unknown>, roomId: string, context: Lifetime): Promise<void> {
  const statement = roomId === endless ? sql`select pg_sleep(60)` : sql`select pg_sleep(0.2)`;
  await statement.execute(db, within(context));
}

@Controller()
class SlowRpc {
  @BatchRpc(PresenceService, 'countOnline', OneRoom)
  async countOnline(items: readonly BatchItem<{ roomId: string }>[], context: BatchContext) {
    return items.map(async ({ request }) => {
      await work(database.db, request.roomId, context);
      return { count: 1 };
    });
  }

  @Rpc(PresenceService, 'setTyping', OneRoom)
  async setTyping({ roomId }: { roomId: string }, context: RequestContext) {
    await database.db.transaction().execute((tx) => work(tx, roomId, context));
    return {};
  }

  @Rpc(PresenceService, 'heartbeat', z.object({}))
  async heartbeat() {
    return {};
  }
}

@Module({})
class SlowModule {}

const rootKey = randomBytes(32);
let service: RunningApp;
let client: Client;
beforeAll(async () => {
  database = await testDatabase({ schema: 'presence', migrations: {} });
  service = await startApp({
    name: 'presence-service',
    config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 2_000 },
    module: { module: SlowModule, controllers: [SlowRpc] },
    server: grpcServer({
      services: [PresenceService],
      port: 0,
      internalKeys: { 'mobile-bff': deriveInternalKey(rootKey, 'presence-service') },
    }),
    logger: silentLogger,
  });
  client = new Client(`127.0.0.1:${service.port}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await service.stop();
});

const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });

/** A call as any client makes it, and how it hangs up. */
function call(name: 'countOnline' | 'batchCountOnline' | 'setTyping', roomIds: readonly string[], answerWithinMs?: number) {
  const method = methodOf(PresenceService, name);
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  const token = minter.mint(callerOf('alice'), 'presence-service');
  const items = roomIds.map((roomId) => ({ caller: 0, request: { roomId } }));
  const placed = client.makeUnaryRequest(
    pathOf(PresenceService, method),
    (message: object) => encodeMessage(method.requestType, method.requestType.fromPartial(message)),
    (bytes: Buffer) => method.responseType.decode(bytes) as object,
    name === 'batchCountOnline' ? { callers: { tokens: [token] }, items } : { roomId: roomIds[0] },
    writeHeaders({ requestId: 'r1', token, answerWithinMs }),
    { deadline: Date.now() + 30_000 },
    (error, answer) => (error ? reject(error) : resolve(answer!)),
  );
  return { answer: promise, hangUp: () => placed.cancel() };
}

/** How many statements without an end PostgreSQL works on. */
async function endlessStatements(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()`.execute(database.db);
  return rows[0]!.count;
}

async function until(count: number): Promise<void> {
  while ((await endlessStatements()) !== count) await pause(2);
}

it.each(['countOnline', 'batchCountOnline', 'setTyping'] as const)(
  'a %s whose client hangs up stops its statement, and nobody else notices',
  async (name) => {
    const { answer, hangUp } = call(name, [endless]);
    const cancelled = expect(answer).rejects.toMatchObject({ code: status.CANCELLED });
    await until(1);
    const others = [call('countOnline', [brief]), call('setTyping', [brief])];
    hangUp();
    await cancelled;
    await until(0);
    await expect(Promise.all(others.map(({ answer }) => answer))).resolves.toEqual([{ count: 1 }, {}]);
  },
);

it('an item that was late stops its statement, and its neighbours have their answers', async () => {
  const { answer } = call('batchCountOnline', [brief, endless, brief], 1_000);
  await until(1);
  const counted = { result: { $case: 'response', value: { count: 1 } } };
  const late = { result: { $case: 'error', value: expect.objectContaining({ problem: 'deadline-exceeded' }) } };
  await expect(answer).resolves.toEqual({ results: [counted, late, counted] });
  await until(0);
});
