import { cutToBytes, jsonBytes } from '../message/cut-to-bytes.js';
import type { Home } from './home.view.js';

const budget = 8_000;
const cuts = [400, 240, 160, 120, 80, 56, 40, 24];

/** The same home in at most 8,000 bytes of JSON: all texts are cut alike, as little as will do. If that is not enough, the picture goes. */
export function fitHome(home: Home): Home {
  if (jsonBytes(home) <= budget) return home;
  for (const bytes of cuts) {
    const smaller = cutTexts(home, bytes);
    if (jsonBytes(smaller) <= budget) return smaller;
  }
  const smallest = cutTexts(home, 24);
  return { ...smallest, me: { ...smallest.me, avatarUrl: null } };
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
