import { BatchListRoomsRequest, BatchListRoomsResponse, ListRoomsRequest, ListRoomsResponse } from '@facet/contracts/rooms';
import { describe, expect, it } from 'vitest';
import { idOf } from './ids.js';
import { services } from './methods.js';
import { serveTemplates } from './serve-templates.js';
import { roomOf, several } from './world.js';

const { service, methods } = services.rooms;
const asked = (number: number, pageSize: number) => ({ memberId: idOf('user', number), pageSize });
const answered = (number: number, pageSize: number) => ({ rooms: several(pageSize, (index) => roomOf(number, index)), more: false });

describe('a synthetic method', () => {
  const counts = { rpcs: 0, items: 0 };
  const { serveSingle, serveBatch } = serveTemplates(service, 'listRooms', methods['listRooms'] as never, counts);

  it('answers one call, and each call of a batch at its place, as large as was asked for', () => {
    const one = serveSingle(Buffer.from(ListRoomsRequest.encode(ListRoomsRequest.fromPartial(asked(7, 10))).finish()));
    const items = [asked(1, 10), asked(99_999, 2)].map((request) => ({ caller: 0, request }));
    const many = serveBatch(Buffer.from(BatchListRoomsRequest.encode(BatchListRoomsRequest.fromPartial({ items })).finish()));

    expect(ListRoomsResponse.decode(one)).toEqual(answered(7, 10));
    expect(BatchListRoomsResponse.decode(many)).toEqual({
      results: [answered(1, 10), answered(99_999, 2)].map((value) => ({ result: { $case: 'response', value } })),
    });
    expect(counts).toEqual({ rpcs: 2, items: 3 });
  });
});
