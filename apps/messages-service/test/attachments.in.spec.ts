import { MessagePosted } from '@facet/contracts/messages';
import { newId } from '@facet/database';
import { contextOf, type TestUser } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachmentRemoved, attachmentUploaded, outcome, rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.stop());

/** Ids of files that somebody has uploaded. */
async function upload(count: number, user: TestUser = 'alice'): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await world.tell(...ids.map((id) => attachmentUploaded(id, user)));
  return ids;
}

const send = (request: Partial<Parameters<World['messages']['sendMessage']>[0]>, user: TestUser = 'alice') =>
  world.messages.sendMessage({ roomId: rooms.general, content: 'look', ...request }, contextOf(user));
const get = async (messageId: string) => (await world.messages.getMessage({ messageId }, contextOf('bob'))).message!;
const picture = { name: 'a.png', type: 'image/png', size: 1_234, width: 640, height: 480, thumbnails: [160, 320] };

describe('a message with files', () => {
  it('shows them to everybody in the order of its author, by every way to read it', async () => {
    const ids = (await upload(3)).toReversed();
    const { message } = await send({ attachmentIds: ids });
    expect(message?.attachments).toEqual(ids.map((id) => ({ id, ...picture })));

    expect(await get(message!.id)).toEqual(message);
    const list = async (of: Parameters<World['messages']['listMessages']>[0]['of']) =>
      (await world.messages.listMessages({ of }, contextOf('bob'))).messages[0];
    expect(await list({ $case: 'roomId', value: rooms.general })).toEqual(message);
    expect(await list({ $case: 'authorId', value: message!.authorId })).toEqual(message);
  });

  it('is told to others with the ids of its files', async () => {
    const attachmentIds = await upload(2);
    const { message } = await send({ attachmentIds });
    await world.settle();
    const told = (await world.database.published(MessagePosted)).find(({ messageId }) => messageId === message!.id);
    expect(told?.attachmentIds).toEqual(attachmentIds);
  });

  it('needs no text, and without files does', async () => {
    const { message } = await send({ content: '', attachmentIds: await upload(1) });
    expect(message).toMatchObject({ content: '', attachments: [picture] });
    await expect(send({ content: '' })).rejects.toMatchObject({ errors: [{ pointer: '/content' }] });
  });

  it('leaves a tombstone without them, in the list as well', async () => {
    const { message } = await send({ attachmentIds: await upload(1) });
    const messageId = message!.id;
    await world.messages.deleteMessage({ messageId }, contextOf('alice'));
    expect((await get(messageId)).attachments).toEqual([]);
  });

  it('loses a file that its owner took back in the same moment', async () => {
    const [kept, gone] = await upload(2);
    const { message } = await send({ attachmentIds: [gone!, kept!] });
    await world.tell(attachmentRemoved(gone!, 'alice'));
    expect(await get(message!.id)).toEqual({ ...message, attachments: [{ id: kept, ...picture }] });
  });

  it('that is deleted already bears that its files go', async () => {
    const [id] = await upload(1);
    const { message } = await send({ attachmentIds: [id!] });
    await world.messages.deleteMessage({ messageId: message!.id }, contextOf('alice'));
    const tombstone = await get(message!.id);
    await world.tell(attachmentRemoved(id!, 'alice'));
    expect(await get(message!.id)).toEqual(tombstone);
  });
});

describe('a file', () => {
  const refused = (pointer: string, detail: string) => ({ code: 'validation-failed', errors: [{ pointer, detail }] });

  it('that nobody has uploaded, somebody else has, or was taken back, is refused in the same words', async () => {
    const [mine, gone] = await upload(2);
    const [foreign] = await upload(1, 'bob');
    await world.tell(attachmentRemoved(gone!, 'alice'));
    for (const id of [newId(), foreign!, gone!])
      await expect(send({ attachmentIds: [mine!, id] })).rejects.toMatchObject(
        refused('/attachmentIds/1', 'must be a file that you have uploaded'),
      );
    expect((await send({ attachmentIds: [mine!] })).created).toBe(true);
  });

  it('is posted once, though it is posted a hundred times at once in two rooms', async () => {
    const attachmentIds = await upload(2);
    const attempts = Array.from({ length: 100 }, (_, at) =>
      outcome(
        send({
          roomId: at % 2 ? rooms.general : rooms.engineering,
          attachmentIds: at % 3 ? attachmentIds : attachmentIds.toReversed(),
        }),
      ),
    );
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((became) => became === 'ok')).toHaveLength(1);
    expect(outcomes.filter((became) => became === 'validation-failed')).toHaveLength(99);
    await expect(send({ attachmentIds })).rejects.toMatchObject({
      errors: [
        { pointer: '/attachmentIds/0', detail: 'was posted with another message' },
        { pointer: '/attachmentIds/1', detail: 'was posted with another message' },
      ],
    });
  });

  it('is of the one message that a client id makes, however often and in parallel it is posted', async () => {
    const again = { clientId: newId(), attachmentIds: await upload(2) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(again)));
    answers.push(await send(again));
    expect(new Set(answers.map(({ message }) => message!.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    for (const { message } of answers) expect(message?.attachments.map(({ id }) => id)).toEqual(again.attachmentIds);
  });

  it('that was uploaded a moment ago is waited for', async () => {
    const id = newId();
    const sending = send({ attachmentIds: [id] });
    await world.database.emit([attachmentUploaded(id, 'alice')]);
    expect((await sending).message?.attachments).toEqual([{ id, ...picture }]);
  });

  it('comes with at most nine others, all different', async () => {
    const ids = await upload(11);
    await expect(send({ attachmentIds: ids })).rejects.toMatchObject(refused('/attachmentIds', 'must be at most 10'));
    await expect(send({ attachmentIds: [ids[0]!, ids[0]!] })).rejects.toMatchObject(refused('/attachmentIds', 'must be distinct'));
    expect((await send({ attachmentIds: ids.slice(0, 10) })).message?.attachments).toHaveLength(10);
  });
});
