import { RoomType } from '@facet/contracts/rooms';
import { beforeAll, describe, expect, it } from 'vitest';
import { inventMarkers, inventNotifications } from './feed.js';
import { inventWorld, type DemoWorld } from './world.js';

describe('the demo world', () => {
  let world: DemoWorld;
  beforeAll(() => {
    world = inventWorld();
  });
  const room = (name: string) => world.rooms.find((each) => each.name === name)!;
  const names = (name: string) => room(name).members.map(({ person }) => person.username);

  it('is the same every time', () => {
    const gist = ({ messages }: DemoWorld) =>
      messages.map(({ id, author, content, reactions }) => [id, author.id, content, reactions.length]);
    expect(gist(inventWorld())).toEqual(gist(world));
  });

  it('has 200 people and a bot, 40 rooms and 20,000 messages with ids of their own', () => {
    expect(world.people.filter(({ kind }) => kind === 'person')).toHaveLength(200);
    expect(world.rooms).toHaveLength(40);
    expect(new Set(world.rooms.map(({ id }) => id)).size).toBe(40);
    expect(world.messages).toHaveLength(20_000);
    expect(new Set(world.messages.map(({ id }) => id)).size).toBe(20_000);
  });

  it('puts everybody in general and only alice, bob and carol in engineering', () => {
    expect(names('general')).toHaveLength(201);
    expect(names('engineering')).toEqual(['alice', 'bob', 'carol']);
    expect(room('engineering').type).toBe(RoomType.ROOM_TYPE_PRIVATE);
  });

  it('has messages of a room in the order of their ids, with answers, reactions and mentions', () => {
    for (const messages of Map.groupBy(world.messages, (message) => message.room.id).values()) {
      expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted());
    }
    expect(world.messages.some(({ replyTo }) => replyTo)).toBe(true);
    expect(world.messages.some(({ reactions }) => reactions.length > 1)).toBe(true);
    expect(world.messages.some(({ mentions }) => mentions.length > 0)).toBe(true);
  });

  it('has a guest who says nothing', () => {
    expect(world.messages.filter(({ author }) => author.username === 'gina')).toEqual([]);
  });

  it('has a read marker for every member of every room, and one notification a message and person', () => {
    expect(inventMarkers(world)).toHaveLength(world.rooms.reduce((sum, { members }) => sum + members.length, 0));
    const notifications = inventNotifications(world);
    expect(notifications.length).toBeGreaterThan(100);
    expect(new Set(notifications.map(({ person, message }) => person.id + message.id)).size).toBe(notifications.length);
  });
});
