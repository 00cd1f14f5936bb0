import { cutToBytes, jsonBytes } from '../message/cut-to-bytes.js';
import type { Home } from './home.view.js';

const budget = 8_000;
const cuts = [400, 240, 160, 120, 80, 56, 40, 24];

/** The same home in at most 8,000 bytes of JSON: all texts are cut alike, as little as will do. If that is not enough, the picture goes. */
export function fitHome(home: Home): Home {
  if (bytesAtMost(home) <= budget || jsonBytes(home) <= budget) return home;
  for (const bytes of cuts) {
    const smaller = cutTexts(home, bytes);
    if (jsonBytes(smaller) <= budget) return smaller;
  }
  const smallest = cutTexts(home, 24);
  return { ...smallest, me: { ...smallest.me, avatarUrl: null } };
}

const [longestNumber, longestTime] = [Number.MIN_SAFE_INTEGER, new Date(8.64e15)];
const emptyHome = jsonBytes({
  me: { id: '', name: '', avatarUrl: '' },
  unread: longestNumber,
  rooms: [],
  notifications: null,
  degraded: [],
});
const emptyRoom = jsonBytes({
  id: '',
  name: '',
  type: '',
  unread: longestNumber,
  online: longestNumber,
  last: { by: '', text: '', at: longestTime },
});
const emptyNews = jsonBytes({ id: '', type: '', text: '', roomId: '', messageId: '', at: longestTime });
const comma = 1;
const unescaped = /^[ !#-[\]-~]*$/;

/** Nearly every home fits, which is seen without writing it: its JSON is hardly shorter than this and never longer. */
function bytesAtMost({ me, rooms, notifications, degraded }: Home): number {
  let bytes = emptyHome + inText(me.id) + inText(me.name) + inText(me.avatarUrl);
  for (const { id, name, type, last } of rooms) {
    bytes += emptyRoom + comma + inText(id) + inText(name) + inText(type);
    if (last) bytes += inText(last.by) + inText(last.text);
  }
  for (const { id, type, text, roomId, messageId } of notifications ?? [])
    bytes += emptyNews + comma + inText(id) + inText(type) + inText(text) + inText(roomId) + inText(messageId);
  return bytes + jsonBytes(degraded);
}

/** Bytes of a text within its quotes. What is null is shorter than where it was thought to be a text. */
function inText(text: string | null): number {
  if (text === null) return 2;
  return unescaped.test(text) ? text.length : jsonBytes(text) - 2;
}

function cutTexts({ me, rooms, notifications, ...rest }: Home, bytes: number): Home {
  const cut = <Text extends string | null>(text: Text) => (text === null ? text : cutToBytes(text, bytes)) as Text;
  return {
    ...rest,
    me: { ...me, name: cut(me.name) },
    rooms: rooms.map(({ last, ...room }) => ({
      ...room,
      name: cut(room.name),
      last: last && { ...last, by: cut(last.by), text: cut(last.text) },
    })),
    notifications: notifications?.map((news) => ({ ...news, text: cut(news.text) })) ?? null,
  };
}
