import { NotificationType } from '@facet/contracts/notifications';
import { RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { contextOf, idOf, userIds } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleted,
  edited,
  memberLeft,
  posted,
  roomCreated,
  roomDeleted,
  rooms,
  startWorld,
  userCreated,
  type World,
} from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

const { NOTIFICATION_TYPE_MENTION: MENTION, NOTIFICATION_TYPE_REPLY: REPLY } = NotificationType;
const say = async (...of: Parameters<typeof posted>) => {
  const message = posted(...of);
  await world.tell(message);
  return message;
};
const about = async (user: 'alice' | 'bob' | 'carol' | 'dave' | 'gina', messageId: string) =>
  (await world.feed(user)).filter((notification) => notification.messageId === messageId);

describe('a mention', () => {
  it('notifies the member that it names, whatever its case', async () => {
    const message = await say('alice', rooms.general, { content: 'ask @Bob, please' });
    expect(await about('bob', message.messageId)).toMatchObject([
      { type: MENTION, roomId: rooms.general, authorId: userIds.alice, text: 'ask @Bob, please', createdAt: message.postedAt, read: false },
    ]);
  });

  it('notifies neither the author nor who is no member nor anybody by an e-mail address', async () => {
    const { messageId } = await say('alice', rooms.engineering, { content: '@alice @dave @nobody carol@example.com' });
    for (const user of ['alice', 'carol', 'dave'] as const) expect(await about(user, messageId)).toEqual([]);
  });

  it('finds people under their new name', async () => {
    await world.tell(userCreated('gina', 'Gina.New'));
    expect(await about('gina', (await say('bob', rooms.general, { content: '@gina.new' })).messageId)).toHaveLength(1);
    expect(await about('gina', (await say('bob', rooms.general, { content: '@gina' })).messageId)).toEqual([]);
  });

  it('in the first message of a room is not lost, though the message is here before the room', async () => {
    const roomId = idOf(60);
    const message = posted('alice', roomId, { content: 'welcome @bob' });
    await world.database.emit([message]);
    await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'bob']));
    expect(await about('bob', message.messageId)).toHaveLength(1);
  });
});

describe('a reply', () => {
  const toBob = { replyTo: newId(), replyToAuthorId: userIds.bob };

  it('notifies the author of what it answers', async () => {
    const { messageId } = await say('carol', rooms.general, toBob);
    expect(await about('bob', messageId)).toMatchObject([{ type: REPLY, authorId: userIds.carol }]);
  });

  it('does not notify who answers oneself', async () => {
    expect(await about('bob', (await say('bob', rooms.general, toBob)).messageId)).toEqual([]);
  });

  it('that names whom it answers is one notification, of the mention', async () => {
    const { messageId } = await say('carol', rooms.general, { ...toBob, content: '@bob yes' });
    expect(await about('bob', messageId)).toMatchObject([{ type: MENTION }]);
  });

  it('does not notify who has left', async () => {
    const roomId = idOf(61);
    await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PUBLIC, ['carol', 'bob']));
    await world.tell(memberLeft(roomId, 'bob'));
    expect(await about('bob', (await say('carol', roomId, { ...toBob, content: '@bob' })).messageId)).toEqual([]);
  });
});

describe('a notification', () => {
  it('shows 280 characters of the message', async () => {
    const { messageId } = await say('alice', rooms.general, { content: `@bob ${'x'.repeat(4_000 - 5)}` });
    const [notification] = await about('bob', messageId);
    expect(notification!.text).toHaveLength(280);
    expect(notification!.text.endsWith('x…')).toBe(true);
  });

  it('follows an edit, which notifies nobody else', async () => {
    const message = await say('alice', rooms.general, { content: '@bob one' });
    await world.tell(edited(message, '@bob @carol two'));
    expect(await about('bob', message.messageId)).toMatchObject([{ text: '@bob @carol two' }]);
    expect(await about('carol', message.messageId)).toEqual([]);
  });

  it('disappears with its message, and with the room, and for who may not see the room any more', async () => {
    const roomId = idOf(62);
    await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'bob', 'carol']));
    const [one, two] = [await say('alice', roomId, { content: '@bob @carol' }), await say('alice', roomId, { content: '@bob @carol' })];
    const seen = async (user: 'bob' | 'carol') => (await world.feed(user)).filter((notification) => notification.roomId === roomId).length;
    expect(await Promise.all([seen('bob'), seen('carol')])).toEqual([2, 2]);
    await world.tell(deleted(one));
    expect(await seen('bob')).toBe(1);
    await world.tell(memberLeft(roomId, 'carol'));
    expect(await Promise.all([seen('bob'), seen('carol')])).toEqual([1, 0]);
    await world.tell(roomDeleted(roomId));
    expect(await seen('bob')).toBe(0);
    expect(two.roomId).toBe(roomId);
  });
});

describe('a feed', () => {
  it('is newest first, pages without loss or repeat, and is read up to where its owner says', async () => {
    const roomId = idOf(63);
    await world.tell(roomCreated(roomId, RoomType.ROOM_TYPE_PRIVATE, ['alice', 'dave']));
    const messages = Array.from({ length: 10 }, (_, at) => posted('alice', roomId, { content: `@dave ${at}` }));
    await world.tell(...messages);

    const ids: string[] = [];
    const texts: string[] = [];
    for (let more = true; more;) {
      const page = await world.notifications.listNotifications({ pageSize: 3, after: ids.at(-1) }, contextOf('dave'));
      ids.push(...page.notifications.map(({ id }) => id));
      texts.push(...page.notifications.map(({ text }) => text));
      more = page.more;
    }
    expect(texts).toEqual(messages.map(({ content }) => content).toReversed());
    expect(ids).toEqual(ids.toSorted().toReversed());

    const markRead = (upTo: string) => world.notifications.markNotificationsRead({ upTo }, contextOf('dave'));
    const unreadOnes = async () => (await world.feed('dave')).filter(({ read }) => !read).length;
    await markRead(ids[4]!);
    expect(await unreadOnes()).toBe(4);
    await markRead(ids[8]!);
    expect(await unreadOnes()).toBe(4);
    await markRead('ffffffff-ffff-7fff-bfff-ffffffffffff');
    expect(await unreadOnes()).toBe(0);
    await say('alice', roomId, { content: '@dave more' });
    expect(await unreadOnes()).toBe(1);
  });
});
