import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AttachmentRemoved } from '@facet/contracts/media';
import { newId } from '@facet/database';
import { callerOf, type TestUser } from '@facet/testing';
import { aText, anImage } from './files.fixtures.js';
import { deleted, ended, left, posted, startWorld, type RoomName, type Who, type World } from './world.fixtures.js';

let world: World;
const hour = 3_600_000;
const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];

beforeAll(async () => {
  world = await startWorld();
});

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
    const asked = statusOf('bob', `/${id}/content`);
    await world.tell(posted('carol', 'general', [id]));
    expect(await asked).toBe(200);
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

  it('taken back by its owner, before it is posted', async () => {
    const id = await oneOf('carol');
    expect((await world.call('bob', `/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await world.call('carol', `/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await whoSees(id)).toEqual([]);
    await expect.poll(() => world.filesOnDisk()).not.toContain(id);
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
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  it('goes at the next start, and nothing else does', async () => {
    const other = await startWorld();
    const [attachment] = await other.upload('carol', { bytes: aText });
    const [lost, young] = [newId(), newId()];
    for (const [id, at] of [
      [lost, minutesAgo(5)],
      [young, new Date()],
    ] as const) {
      const incoming = join(other.folder, 'incoming', id);
      await mkdir(incoming);
      await writeFile(join(incoming, `${id}-part`), 'half');
      await utimes(incoming, at, at);
      const place = join(other.folder, 'files', id.slice(-2));
      await mkdir(place, { recursive: true });
      for (const name of [id, `${id}-160`]) {
        await writeFile(join(place, name), 'whole');
        await utimes(join(place, name), at, at);
      }
    }
    await other.database.db
      .insertInto('upload')
      .values({ id: lost, owner_id: newId(), bytes: 5, until: minutesAgo(3) })
      .execute();

    await other.restart();
    await other.cleanUp();

    expect(await other.filesOnDisk()).toEqual([attachment!.id, young, young, `${young}-160`, `${young}-part`].sort());
    expect(await other.rows()).toEqual({ attachments: [attachment!.id], uploads: 0, removed: 0 });
  });

  it('is no attachment: where the rows do not commit, the files go', async () => {
    const other = await startWorld();
    await rm(join(other.folder, 'files'), { recursive: true });
    await writeFile(join(other.folder, 'files'), 'no folder');
    const response = await other.send('carol', { bytes: aText });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'internal-error']);
    expect(await other.rows()).toEqual({ attachments: [], uploads: 0, removed: 0 });
    await rm(join(other.folder, 'files'));
    expect(await other.filesOnDisk()).toEqual([]);
  });

  it('that could not be removed from the disk is removed at the next round', async () => {
    const other = await startWorld();
    const id = newId();
    await other.database.db
      .insertInto('removed_file')
      .values({ id, thumbnails: [160] })
      .execute();
    await Promise.all([other.cleanUp(), other.cleanUp()]);
    expect((await other.rows()).removed).toBe(0);
  });
});
