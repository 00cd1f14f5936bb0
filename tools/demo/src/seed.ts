import { Secrets, urlsOf, writePrivately } from '@facet/constellation';
import { MessageType } from '@facet/contracts/messages';
import { NotificationType } from '@facet/contracts/notifications';
import axios from 'axios';
import { join } from 'node:path';
import { readConfig } from './config.js';
import { inventMarkers, inventNotifications, type DemoNotification } from './feed.js';
import { connectImporter, inChunks, type Importer } from './importer.js';
import { partnerBot, type Person } from './people.js';
import { inventWorld, worldEnd, type DemoMessage, type DemoRoom, type DemoWorld } from './world.js';

const { FACET_HOME: home, FACET_PORT_OFFSET: portOffset, FACET_WEB_HOST: webHost } = readConfig();
const urls = urlsOf(portOffset, webHost);
const { partnerSecret: clientSecret, partnerKey: apiKey } = Secrets.in(home);
const partner = { clientId: 'demo-partner', clientSecret, apiKey };
/** The demo world's people have been there from its first day. */
const opened = new Date(worldEnd.getTime() - 30 * 86_400_000);

const world = inventWorld();
const importer = connectImporter({ home, portOffset });
try {
  await openAccounts(world.people);
  await fill(importer, world);
  writePrivately(join(home, 'demo.json'), describe(world));
} finally {
  importer.close();
}

async function openAccounts(people: readonly Person[]): Promise<void> {
  const accounts = people.map(({ id, username, name, email, role, kind }) => ({
    id,
    username,
    name,
    ...(email && { email }),
    role,
    kind,
    openedAt: opened.toISOString(),
  }));
  await axios.post(
    `${urls.identity}/dev/accounts`,
    { accounts, partner: { clientId: partner.clientId, botId: partnerBot.id, secret: clientSecret, apiKey, admins: ['alice'] } },
    { timeout: 20_000 },
  );
}

async function fill({ users, rooms, messages, notifications, within }: Importer, world: DemoWorld): Promise<void> {
  await users.importUsers({ users: world.people.map(({ id, username, name }) => ({ id, username, name, createdAt: opened })) }, within());
  await rooms.importRooms({ rooms: world.rooms.map(toRoom) }, within());
  for (const chunk of inChunks(world.messages, 1_000))
    await messages.importMessages({ messages: chunk.map(toMessage), unread: true }, within());
  const [first, ...others] = inChunks(inventNotifications(world), 1_000);
  await notifications.importNotifications({ markers: inventMarkers(world), notifications: first!.map(toNotification) }, within());
  for (const chunk of others) await notifications.importNotifications({ notifications: chunk.map(toNotification) }, within());
}

function toRoom({ id, name, type, topic, members }: DemoRoom) {
  return {
    room: { id, name, type, topic, createdBy: members[0]!.person.id, createdAt: opened },
    members: members.map(({ person, role }) => ({ userId: person.id, role, joinedAt: opened })),
  };
}

function toMessage({ id, room, author, content, at, replyTo, reactions }: DemoMessage) {
  return {
    message: {
      id,
      roomId: room.id,
      authorId: author.id,
      type: MessageType.MESSAGE_TYPE_TEXT,
      content,
      replyTo: replyTo?.id,
      createdAt: at,
    },
    reactions: reactions.map(({ person, emoji }) => ({ userId: person.id, emoji })),
  };
}

function toNotification({ id, person, kind, message }: DemoNotification) {
  const type = kind === 'mention' ? NotificationType.NOTIFICATION_TYPE_MENTION : NotificationType.NOTIFICATION_TYPE_REPLY;
  const { room, author, content, at } = message;
  return {
    userId: person.id,
    notification: { id, type, roomId: room.id, messageId: message.id, authorId: author.id, text: content, createdAt: at },
  };
}

function describe({ people, rooms }: DemoWorld) {
  const [general, random, engineering, direct] = rooms as [DemoRoom, DemoRoom, DemoRoom, DemoRoom];
  return {
    urls,
    users: Object.fromEntries(people.slice(0, 5).map(({ username, id, role }) => [username, { id, role, password: 'facet-demo' }])),
    rooms: { general: general.id, random: random.id, engineering: engineering.id, direct: direct.id },
    partner,
  };
}
