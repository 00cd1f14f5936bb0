import { userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { message, messageId, roomIds, startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
beforeAll(async () => void (web = await startWebApp()));
beforeEach(() => web.reset());
afterAll(() => web.stop());

const roomId = roomIds[1]!;
const id = messageId(5);
const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { content user { username } room { name } } }';
const reached = () => Object.values(web.services).flatMap(({ calls }) => Object.keys(calls));

describe('mutations', () => {
  it('send a message and read on from it', async () => {
    const { status, body } = await web.ask(send, { variables: { input: { roomId, content: 'hi', clientId: id } } });
    expect(status).toBe(200);
    expect(body).toEqual({ data: { sendMessage: { content: 'hi', user: { username: 'alice' }, room: { name: 'room-39' } } } });
  });

  it('send files without a word', async () => {
    const asked: unknown[] = [];
    web.services.messages.handlers.sendMessage = (request) => {
      asked.push(request);
      return { message: message(messageId(6), roomId) };
    };
    const { status } = await web.ask(send, {
      variables: { input: { roomId, content: '', attachmentIds: [messageId(31), messageId(30)] } },
    });
    expect(status).toBe(200);
    expect(asked).toMatchObject([{ content: '', attachmentIds: [messageId(31), messageId(30)] }]);
  });

  it.each([
    [`editMessage(id: "${id}", content: "new") { content }`, { editMessage: { content: 'new' } }],
    [`addReaction(messageId: "${id}", emoji: "👍") { emoji count mine }`, { addReaction: { emoji: '👍', count: 1, mine: true } }],
    [`removeReaction(messageId: "${id}", emoji: "👍")`, { removeReaction: false }],
    ['createRoom(input: { name: "new", type: PRIVATE }) { name type }', { createRoom: { name: 'new', type: 'PRIVATE' } }],
    [`joinRoom(id: "${roomId}") { id }`, { joinRoom: { id: roomId } }],
    [`leaveRoom(id: "${roomId}")`, { leaveRoom: true }],
    [`markRead(roomId: "${roomId}", messageId: "${id}") { id }`, { markRead: { id: roomId } }],
    [
      'updateProfile(input: { name: "Al", about: null }) { username profile { name about } }',
      { updateProfile: { username: 'alice', profile: { name: 'Al', about: null } } },
    ],
  ])('carry out %s', async (mutation, data) => {
    expect((await web.ask(`mutation { ${mutation} }`)).body).toEqual({ data });
  });

  it("are refused with the service's reason and status", async () => {
    const { status, body } = await web.ask(`mutation { deleteMessage(id: "${id}") }`, { as: 'carol' });
    expect(status).toBe(403);
    expect(body).toMatchObject({
      data: null,
      errors: [{ message: 'Only the author may do this.', path: ['deleteMessage'], extensions: { code: 'forbidden' } }],
    });
    expect(body.errors?.[0]?.extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of a guest are 403 and reach no service', async () => {
    const { status, body } = await web.ask(send, { as: 'gina', variables: { input: { roomId, content: 'hi' } } });
    expect(status).toBe(403);
    expect(body.errors?.[0]?.extensions.code).toBe('forbidden');
    expect(reached()).toEqual([]);
  });

  it.each([
    ['a text of 5,000 characters', { content: 'x'.repeat(5_000) }, '/input/content'],
    ['an empty text', { content: '' }, '/input/content'],
    ['a bad id', { roomId: 'general' }, '/input/roomId'],
    ['a bad client id', { clientId: '1' }, '/input/clientId'],
  ])('with %s are 422, say where, and reach no service', async (_, input, pointer) => {
    const { status, body } = await web.ask(send, { variables: { input: { roomId, content: 'hi', ...input } } });
    expect(status).toBe(422);
    expect(body.data).toBeUndefined();
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
    expect(reached()).toEqual([]);
  });

  it.each([
    ['an unknown field', { roomId, content: 'hi', colour: 'red' }],
    ['a missing field', { roomId }],
    ['a field of another type', { roomId, content: 7 }],
  ])('with %s are 422', async (_, input) => {
    const { status, body } = await web.ask(send, { variables: { input } });
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([422, 'validation-failed']);
  });

  it.each(['nul \0', 'lone \ud83d'])('refuse a text with %j', async (content) => {
    const { status } = await web.ask(send, { variables: { input: { roomId, content } } });
    expect(status).toBe(422);
    expect(reached()).toEqual([]);
  });

  it('are all left undone where one of them is wrong', async () => {
    const { status } = await web.ask(`mutation { a: leaveRoom(id: "${roomId}") b: leaveRoom(id: "nonsense") }`);
    expect(status).toBe(422);
    expect(reached()).toEqual([]);
  });

  it("change one's own profile alone", async () => {
    let changed: string | undefined;
    web.services.users.handlers.updateUser = ({ userId }) => ((changed = userId), { user: { id: userId } });
    await web.ask('mutation { updateProfile(input: { name: "C" }) { id } }', { as: 'carol' });
    expect(changed).toBe(userIds.carol);
  });
});
