import { Message, type ListMessagesRequest } from '@facet/contracts/messages';
import { Cursors } from '@facet/edge';
import { contextOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import { getLastMessage, listMessages } from './list-messages.js';

const cursors = new Cursors(new Uint8Array(32));
const asked: Partial<ListMessagesRequest>[] = [];
const messages = {
  listMessages: (request: ListMessagesRequest) => {
    asked.push(request);
    return Promise.resolve({
      messages: [Message.fromPartial({ id: '7' }), Message.fromPartial({ id: '6' })].slice(0, request.pageSize),
      more: true,
    });
  },
};
const downstream = { messages: messages as unknown as Downstream['messages'] } as Downstream;
const ofRoom = (value: string) => ({ $case: 'roomId', value }) as const;

describe('listMessages', () => {
  it('goes on after the last message seen, newest first', async () => {
    const first = await listMessages({ downstream, cursors }, ofRoom('a'), { first: 2, after: undefined }, contextOf());
    await listMessages({ downstream, cursors }, ofRoom('a'), { first: 2, after: first.pageInfo.endCursor() }, contextOf());
    expect(asked.slice(-2)).toEqual([
      { of: ofRoom('a'), pageSize: 2, after: undefined },
      { of: ofRoom('a'), pageSize: 2, after: '6' },
    ]);
  });

  it("refuses another room's cursor", async () => {
    const { pageInfo } = await listMessages({ downstream, cursors }, ofRoom('a'), { first: 2, after: undefined }, contextOf());
    const page = { first: 2, after: pageInfo.endCursor() };
    await expect(listMessages({ downstream, cursors }, ofRoom('b'), page, contextOf())).rejects.toMatchObject({ code: 'invalid-request' });
  });
});

describe('getLastMessage', () => {
  it('asks for one message', async () => {
    expect((await getLastMessage(downstream, 'a', contextOf()))?.id).toBe('7');
    expect(asked.at(-1)).toEqual({ of: ofRoom('a'), pageSize: 1 });
  });
});
