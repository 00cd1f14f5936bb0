import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { announce, settings } from '../processes/announce.js';

// Frozen. Fastify and undici: four HTTP/1.1 requests at once, one object.

export interface FanOutSettings {
  readonly services: string;
}

type Fields = Readonly<Record<string, unknown>>;

const pool = new Pool(settings<FanOutSettings>().services, { connections: 128, pipelining: 1 });
const app = fastify();
app.get<{ Params: { userId: string } }>('/home/:userId', async ({ params: { userId } }) => {
  const [user, { rooms }, { notifications }, { count }] = await Promise.all([
    get(`/users/${userId}`),
    get(`/rooms/${userId}`),
    get(`/notifications/${userId}`),
    get(`/presence/${userId}`),
  ]);
  const { id, username, name, about, avatarUrl, createdAt } = user;
  return {
    user: { id, username, name, about, avatarUrl, createdAt },
    rooms: (rooms as Fields[]).map(toRoom),
    notifications: (notifications as Fields[]).map(toNotification),
    online: count,
    degraded: [],
  };
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce({ port: (app.server.address() as AddressInfo).port });

async function get(path: string): Promise<Fields> {
  const { body } = await pool.request({ path, method: 'GET' });
  return (await body.json()) as Fields;
}

function toRoom({ id, name, topic, memberCount, lastActivityAt }: Fields) {
  return { id, name, type: 'private', topic, members: memberCount, lastActivityAt };
}

function toNotification({ id, roomId, messageId, text, createdAt, read }: Fields) {
  return { id, type: 'mention', roomId, messageId, text, at: createdAt, read };
}
