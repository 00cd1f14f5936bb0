import { MemberRole, RoomType } from '@facet/contracts/rooms';
import { inventPeople, partnerBot, type Person } from './people.js';
import { Random } from './random.js';
import { answer, remark } from './sayings.js';
import { stableId } from './stable-id.js';

/** Everything in the demo world ended here; its times are counted back from this moment. */
export const worldEnd = new Date('2026-11-01T12:00:00Z');
const day = 86_400_000;
const worldStart = new Date(worldEnd.getTime() - 30 * day);

export interface DemoRoom {
  readonly id: string;
  readonly name: string;
  readonly type: RoomType;
  readonly topic?: string;
  readonly members: readonly { readonly person: Person; readonly role: MemberRole }[];
}

export interface DemoMessage {
  readonly id: string;
  readonly room: DemoRoom;
  readonly author: Person;
  readonly content: string;
  readonly at: Date;
  readonly replyTo?: DemoMessage;
  readonly mentions: readonly Person[];
  readonly reactions: readonly { readonly person: Person; readonly emoji: string }[];
}

export interface DemoWorld {
  readonly people: readonly Person[];
  readonly rooms: readonly DemoRoom[];
  readonly messages: readonly DemoMessage[];
}

const emoji = ['👍', '🎉', '❤️', '😄', '👀', '🚀'];
const themes = [
  'design',
  'support',
  'mobile',
  'web',
  'partners',
  'data',
  'release',
  'hiring',
  'lunch',
  'music',
  'running',
  'books',
  'security',
  'platform',
  'ideas',
  'travel',
  'games',
  'plants',
];

/** The demo world, the same every time: 200 people and a bot, 40 rooms, 20,000 messages over 30 days. */
export function inventWorld(messageCount = 20_000): DemoWorld {
  const random = new Random(40);
  const people = inventPeople();
  const rooms = inventRooms(people, random);
  return {
    people: [...people, partnerBot],
    rooms,
    messages: rooms.flatMap((room, index) => converse(room, share(index, rooms.length, messageCount), random)),
  };
}

function inventRooms(people: readonly Person[], random: Random): DemoRoom[] {
  const [alice, bob, carol] = people as [Person, Person, Person];
  const others = people.slice(5);
  const rooms = [
    room('general', RoomType.ROOM_TYPE_PUBLIC, [...people, partnerBot], 'What concerns everybody'),
    room('random', RoomType.ROOM_TYPE_PUBLIC, [alice, bob, carol, ...random.some(others, 97)], 'What concerns nobody'),
    room('engineering', RoomType.ROOM_TYPE_PRIVATE, [alice, bob, carol], 'How it is built'),
    room('', RoomType.ROOM_TYPE_DIRECT, [alice, bob]),
  ];
  for (const theme of themes) {
    rooms.push(
      room(
        theme,
        RoomType.ROOM_TYPE_PUBLIC,
        withSome([alice, bob, carol], random.some(others, random.between(8, 30)), random),
        `All about ${theme}`,
      ),
    );
  }
  for (let team = 1; team <= 12; team++) {
    rooms.push(
      room(`team-${team}`, RoomType.ROOM_TYPE_PRIVATE, withSome([alice, bob], random.some(others, random.between(4, 10)), random)),
    );
  }
  for (let pair = 1; pair <= 6; pair++) {
    rooms.push(room('', RoomType.ROOM_TYPE_DIRECT, pair <= 2 ? [alice, random.one(others)] : random.some(others, 2)));
  }
  return rooms;
}

function withSome(candidates: readonly Person[], always: readonly Person[], random: Random): Person[] {
  return [...candidates.filter(() => random.chance(0.7)), ...always];
}

function room(name: string, type: RoomType, people: readonly Person[], topic?: string): DemoRoom {
  const members = people.map((person, index) => ({
    person,
    role: index === 0 ? MemberRole.MEMBER_ROLE_ADMIN : MemberRole.MEMBER_ROLE_MEMBER,
  }));
  return { id: stableId(worldStart, 'room', name || people.map(({ username }) => username)), name, type, ...(topic && { topic }), members };
}

/** The four rooms of the documents are livelier than the others; every room has its say. */
function share(index: number, rooms: number, total: number): number {
  const known = [0.15, 0.1, 0.075, 0.025];
  const part = known[index] ?? (1 - known.reduce((sum, each) => sum + each, 0)) / (rooms - known.length);
  return index === rooms - 1
    ? total - Array.from({ length: index }, (_, before) => share(before, rooms, total)).reduce((sum, each) => sum + each, 0)
    : Math.floor(total * part);
}

function converse(room: DemoRoom, count: number, random: Random): DemoMessage[] {
  const speakers = room.members.filter(({ person }) => person.role !== 'guest' && person.kind === 'person').map(({ person }) => person);
  const span = worldEnd.getTime() - worldStart.getTime();
  const said: DemoMessage[] = [];
  for (let index = 0; index < count; index++) {
    const at = new Date(worldStart.getTime() + Math.floor((span * (index + random.next())) / count));
    said.push(say({ room, speakers, said, at, index }, random));
  }
  return said;
}

function say(
  { room, speakers, said, at, index }: { room: DemoRoom; speakers: Person[]; said: DemoMessage[]; at: Date; index: number },
  random: Random,
): DemoMessage {
  const author = random.one(speakers);
  const replyTo = said.length > 0 && random.chance(0.2) ? said[said.length - random.between(1, Math.min(10, said.length))] : undefined;
  const others = speakers.filter(({ id }) => id !== author.id);
  const mentions = others.length > 0 && random.chance(0.06) ? [random.one(others)] : [];
  const text = replyTo ? answer(random) : remark(random);
  return {
    id: stableId(at, 'message', room.id, index),
    room,
    author,
    content: mentions.length > 0 ? `@${mentions[0]!.username} ${text}` : text,
    at,
    ...(replyTo && { replyTo }),
    mentions,
    reactions: random.chance(0.15)
      ? random.some(speakers, random.between(1, 4)).map((person) => ({ person, emoji: random.one(emoji) }))
      : [],
  };
}
