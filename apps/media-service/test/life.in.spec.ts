import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AttachmentRemoved } from '@facet/contracts/media';
import { newId } from '@facet/database';
import { Events } from '@facet/events';
import { callerOf, type TestUser } from '@facet/testing';
import { IncomingFiles } from '../src/files/incoming-files.js';
import { Rounds } from '../src/files/rounds.js';
import { aText, anImage } from './files.fixtures.js';
import { deleted, ended, left, posted, startWorld, type RoomName, type Who, type World } from './world.fixtures.js';

let world: World;
const hour = 3_600_000;
const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];

beforeAll(async () => {
  world = await startWorld();
});

const placeOf = (folder: string, id: string) => join(folder, 'files', id.slice(-2));
/** Has the commit of each row of a table fail with this state, until the answer is called. */
const failing = async ({ database: { db } }: World, table: string, state: string) => {
  await sql`create function fail() returns trigger language plpgsql as ${sql.lit(`begin raise exception 'no' using errcode = '${state}'; end`)}`.execute(
    db,
  );
  await sql`create constraint trigger fail after insert on ${sql.table(table)} deferrable initially deferred for each row execute function fail()`.execute(
    db,
  );
  return async () => void (await sql`drop function fail cascade`.execute(db));
};
const oneOf = async (who: TestUser) => (await world.upload(who, { bytes: await anImage('png', 200, 100) }))[0]!.id;
const statusOf = async (who: Who, path: string) => (await world.call(who, path)).status;
const whoSees = async (id: string, path = '') => {
  const statuses = await Promise.all(users.map((user) => statusOf(user, `/${id}${path}`)));
  return users.filter((_, at) => statuses[at] === 200);
};
const listed = async (who: Who, ...ids: string[]) => {
  const response = await world.call(who, `?${ids.map((id) => `ids=${id}`).join('&')}`);
  const { attachments = [] } = (await response.json()) as { attachments?: { id: string }[] };
  return attachments.map(({ id }) => id);
};
const removedIds = async () => {
  await world.settle();
  return (await world.database.published(AttachmentRemoved)).map(({ attachmentId }) => attachmentId);
};

describe('who sees an attachment', () => {
  it('its owner alone before it is posted', async () => {
    const id = await oneOf('carol');
    for (const path of ['', '/content', '/thumbnails/160']) expect(await whoSees(id, path)).toEqual(['carol']);
  });

  it.each<[RoomName, readonly TestUser[]]>([
    ['general', ['alice', 'bob', 'carol', 'dave', 'gina']],
    ['board', ['alice', 'carol', 'dave']],
    ['pair', ['bob', 'carol']],
  ])('once it is posted in %s: %s', async (room, expected) => {
    const id = await oneOf('carol');
    await world.tell(posted('carol', room, [id]));
    for (const path of ['', '/content', '/thumbnails/160']) expect(await whoSees(id, path)).toEqual(expected);
  });

  it('nobody who has left the room, its owner neither', async () => {
    const other = await startWorld();
    const [attachment] = await other.upload('dave', { bytes: aText });
    await other.tell(posted('dave', 'board', [attachment!.id]), left('dave', 'board'));
    expect((await other.call('dave', `/${attachment!.id}`)).status).toBe(404);
    expect((await other.call('carol', `/${attachment!.id}`)).status).toBe(200);
  });

  it('nobody whose token is not for reading messages', async () => {
    const id = await oneOf('carol');
    for (const path of [`/${id}`, `/${id}/content`, `?ids=${id}`]) {
      expect(await statusOf({ ...callerOf('carol'), scopes: ['write:messages'] }, path)).toBe(403);
    }
  });

  it('whoever reads the message a moment before this service hears of it', async () => {
    const id = await oneOf('carol');
    const [status] = await Promise.all([statusOf('bob', `/${id}/content`), world.tell(posted('carol', 'general', [id]))]);
    expect(status).toBe(200);
  });

  it('in a list: those that one sees, each once, in the order asked for', async () => {
    const [own, others, shared] = [await oneOf('bob'), await oneOf('carol'), await oneOf('carol')];
    await world.tell(posted('carol', 'general', [shared]));
    expect(await listed('bob', shared, others, own, newId(), shared)).toEqual([shared, own]);
  });
});

describe('posting', () => {
  it('the first message has it, whoever tries later', async () => {
    const id = await oneOf('carol');
    await world.tell(posted('carol', 'pair', [id]), posted('carol', 'general', [id]));
    expect(await whoSees(id)).toEqual(['bob', 'carol']);
  });

  it('is for its owner: a message of somebody else changes nothing', async () => {
    const id = await oneOf('carol');
    await world.tell(posted('bob', 'general', [id]));
    expect(await whoSees(id)).toEqual(['carol']);
  });
});

describe('going', () => {
  it('with its message: at once for all, and soon from the disk', async () => {
    const id = await oneOf('carol');
    const messageId = newId();
    await world.tell(posted('carol', 'general', [id], messageId));
    await world.tell(deleted('general', messageId));
    expect(await whoSees(id)).toEqual([]);
    await world.cleanUp();
    expect((await world.filesOnDisk()).filter((name) => name.startsWith(id))).toEqual([]);
    expect(await removedIds()).toContain(id);
  });

  it('with its room', async () => {
    const other = await startWorld();
    const [gone, stays] = await other.upload('carol', { bytes: aText }, { bytes: aText });
    await other.tell(posted('carol', 'board', [gone!.id]), posted('carol', 'pair', [stays!.id]));
    await other.tell(ended('board'));
    await other.cleanUp();
    expect(await other.filesOnDisk()).toEqual([stays!.id]);
    await other.settle();
    expect(await other.database.published(AttachmentRemoved)).toMatchObject([{ attachmentId: gone!.id }]);
  });

  it('with its room, though its message is heard of after the end of the room', async () => {
    const other = await startWorld();
    const [gone, stays] = await other.upload('carol', { bytes: aText }, { bytes: aText });
    await other.tell(ended('board'));
    await other.tell(posted('carol', 'board', [gone!.id]), posted('carol', 'pair', [stays!.id]));
    expect(await other.rows()).toMatchObject({ attachments: [stays!.id], removed: 1 });
    await other.cleanUp();
    expect(await other.filesOnDisk()).toEqual([stays!.id]);
    await other.settle();
    expect(await other.database.published(AttachmentRemoved)).toMatchObject([{ attachmentId: gone!.id }]);
  });

  it('taken back by its owner, before it is posted', async () => {
    const id = await oneOf('carol');
    const soon = vi.spyOn(Rounds.prototype, 'soon');
    expect((await world.call('bob', `/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await world.call('carol', `/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(soon).toHaveBeenCalledTimes(1);
    expect(await whoSees(id)).toEqual([]);
    await world.cleanUp();
    expect(await world.filesOnDisk()).not.toContain(id);
    expect(await removedIds()).toContain(id);
  });

  it('not by its owner once it is posted', async () => {
    const id = await oneOf('carol');
    await world.tell(posted('carol', 'general', [id]));
    const response = await world.call('carol', `/${id}`, { method: 'DELETE' });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([409, 'conflict']);
    expect(await whoSees(id)).toContain('gina');
  });

  it('after a day that no message had it, and not before', async () => {
    const other = await startWorld();
    const [orphan, used] = await other.upload('carol', { bytes: await anImage('png') }, { bytes: aText });
    await other.tell(posted('carol', 'general', [used!.id]));
    other.clock.moveOn(23.9 * hour);
    await other.cleanUp();
    expect((await other.rows()).attachments).toHaveLength(2);
    other.clock.moveOn(0.2 * hour);
    await other.cleanUp();
    expect(await other.rows()).toEqual({ attachments: [used!.id], uploads: 0, removed: 0 });
    expect(await other.filesOnDisk()).toEqual([used!.id]);
    await other.settle();
    expect(await other.database.published(AttachmentRemoved)).toMatchObject([{ attachmentId: orphan!.id }]);
  });

  it('not while it may be in a message that this service has still to consume, as after a long outage', async () => {
    const other = await startWorld();
    const [used] = await other.upload('carol', { bytes: aText });
    await other.halt();
    const start = vi.spyOn(Events.prototype, 'start').mockResolvedValue();
    await other.database.emit([posted('carol', 'general', [used!.id])]);
    other.clock.moveOn(25 * hour);
    await other.restart();
    start.mockRestore();
    await other.cleanUp();
    expect(await other.rows()).toMatchObject({ attachments: [used!.id], removed: 0 });
    await other.restart();
    await other.settle();
    await other.cleanUp();
    expect(await other.rows()).toMatchObject({ attachments: [used!.id], removed: 0 });
    expect((await other.call('gina', `/${used!.id}`)).status).toBe(200);
  });
});

describe('folder and database belong together', () => {
  it.each<[string, (other: World) => Promise<unknown>]>([
    [
      'a folder that was not mounted',
      ({ folder }) => Promise.all(['store', 'files'].map((name) => rm(join(folder, name), { recursive: true }))),
    ],
    ['the folder of another database', ({ folder }) => writeFile(join(folder, 'store'), newId())],
    [
      'another database',
      ({ database }) => Promise.all((['store', 'attachment'] as const).map((table) => database.db.deleteFrom(table).execute())),
    ],
  ])('with %s it does not start, and nothing is removed', async (_, swap) => {
    const other = await startWorld();
    await other.upload('carol', { bytes: aText });
    await swap(other);
    const before = await other.filesOnDisk();
    await expect(other.restart()).rejects.toThrow('does not belong to this database');
    expect(await other.filesOnDisk()).toEqual(before);
  });

  it('as long as both are empty, they come together', async () => {
    const other = await startWorld();
    await rm(join(other.folder, 'store'));
    await other.restart();
    await other.database.db.deleteFrom('store').execute();
    await other.restart();
    expect(await other.upload('carol', { bytes: aText })).toHaveLength(1);
  });
});

describe('what a crash leaves', () => {
  const longestUpload = 30_000 + 61_000;
  const leave = async ({ folder }: World, id: string) => {
    const place = placeOf(folder, id);
    const incoming = join(folder, 'incoming', id);
    for (const path of [place, incoming]) await mkdir(path, { recursive: true });
    await writeFile(join(incoming, `${id}-part`), 'half');
    for (const name of [id, `${id}-160`]) await writeFile(join(place, name), 'whole');
  };

  it('goes once no upload can be at it any more, though the next start comes within seconds; nothing else does', async () => {
    const other = await startWorld();
    const [attachment] = await other.upload('carol', { bytes: aText });
    const lost = [newId(), newId(), newId()];
    for (const id of lost) await leave(other, id);
    await other.database.db
      .insertInto('upload')
      .values({ id: lost[0]!, owner_id: newId(), bytes: 5, until: new Date(Date.now() + 30_000) })
      .execute();
    await other.restart();
    await other.cleanUp();
    expect(await other.filesOnDisk()).toEqual([attachment!.id, ...lost.flatMap((id) => [id, id, `${id}-160`, `${id}-part`])].sort());
    other.clock.moveOn(longestUpload);
    await other.cleanUp();
    expect(await other.filesOnDisk()).toEqual([attachment!.id]);
    expect(await other.rows()).toEqual({ attachments: [attachment!.id], uploads: 0, removed: 0 });
  });

  it('or a commit that nobody knows of goes in the rounds, a place in each', async () => {
    const other = await startWorld();
    other.clock.moveOn(longestUpload);
    await other.cleanUp();
    const [attachment] = await other.upload('carol', { bytes: aText });
    const drop = await failing(other, 'attachment', '57P01');
    expect((await other.send('carol', { bytes: aText })).status).toBe(503);
    await drop();
    expect(await other.filesOnDisk()).toHaveLength(2);
    other.clock.moveOn(longestUpload);
    await other.cleanUp();
    await other.cleanUp();
    expect(await other.filesOnDisk()).toEqual([attachment!.id]);
  });

  it('is no attachment: where the rows do not commit, the files go', async () => {
    const other = await startWorld();
    const keep = vi.spyOn(IncomingFiles.prototype, 'keep');
    const drop = await failing(other, 'attachment', 'P0001');
    const response = await other.send('carol', { bytes: await anImage('png', 200, 100) });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'internal-error']);
    expect(keep.mock.settledResults.map(({ type }) => type)).toEqual(['fulfilled']);
    expect(await other.rows()).toEqual({ attachments: [], uploads: 0, removed: 0 });
    expect(await other.filesOnDisk()).toEqual([]);
    await drop();
    expect(await other.upload('carol', { bytes: aText })).toHaveLength(1);
  });

  it('that could not be removed from the disk is removed at the next round, and holds up nothing else', async () => {
    const other = await startWorld();
    const [gone] = await other.upload('carol', { bytes: aText });
    const inTheWay = join(placeOf(other.folder, gone!.id), gone!.id);
    await rm(inTheWay);
    await mkdir(inTheWay);
    await other.call('carol', `/${gone!.id}`, { method: 'DELETE' });
    const half = join(other.folder, 'incoming', newId());
    await mkdir(half);
    other.clock.moveOn(longestUpload);
    await other.cleanUp();
    expect(await other.rows()).toEqual({ attachments: [], uploads: 0, removed: 1 });
    await expect(stat(half)).rejects.toThrow('ENOENT');
    await rm(inTheWay, { recursive: true });
    await writeFile(inTheWay, aText);
    await other.cleanUp();
    expect(await other.rows()).toEqual({ attachments: [], uploads: 0, removed: 0 });
    expect(await other.filesOnDisk()).toEqual([]);
  });
});
