import { Random } from './random.js';
import { stableId } from './stable-id.js';
import { worldEnd, type DemoMessage, type DemoWorld } from './world.js';
import type { Person } from './people.js';

export interface DemoMarker {
  readonly userId: string;
  readonly roomId: string;
  readonly messageId: string;
}

export interface DemoNotification {
  readonly id: string;
  readonly person: Person;
  readonly kind: 'mention' | 'reply';
  readonly message: DemoMessage;
}

const recent = 3 * 86_400_000;

/** How far everybody has read: up to one of the last 20 messages of each of their rooms. */
export function inventMarkers({ rooms, messages }: DemoWorld): DemoMarker[] {
  const random = new Random(20);
  const byRoom = Map.groupBy(messages, ({ room }) => room.id);
  return rooms.flatMap(({ id: roomId, members }) => {
    const said = byRoom.get(roomId) ?? [];
    return members.map(({ person }) => ({
      userId: person.id,
      roomId,
      messageId: said[said.length - random.between(1, Math.min(20, said.length))]!.id,
    }));
  });
}

/** What people were named in or answered to, over the last three days. */
export function inventNotifications({ messages }: DemoWorld): DemoNotification[] {
  return messages
    .filter(({ at }) => worldEnd.getTime() - at.getTime() < recent)
    .flatMap((message) => {
      const { mentions, replyTo, author } = message;
      const answered =
        replyTo && replyTo.author.id !== author.id && !mentions.some(({ id }) => id === replyTo.author.id) ? [replyTo.author] : [];
      return [
        ...mentions.map((person) => notify(person, 'mention', message)),
        ...answered.map((person) => notify(person, 'reply', message)),
      ];
    });
}

function notify(person: Person, kind: DemoNotification['kind'], message: DemoMessage): DemoNotification {
  return { id: stableId(message.at, 'notification', person.id, message.id), person, kind, message };
}
