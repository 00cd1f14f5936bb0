import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from '../processes/announce.js';
import { digitsOf } from '../synthetic/ids.js';
import { anybody } from '../synthetic/template.js';
import { notificationOf, online, roomOf, several, userOf } from '../synthetic/world.js';

// Frozen. The synthetic services as plain HTTP and JSON, from memory: /users/<id>, /rooms/<id>, …, of which the last 12 digits count.

const answers = new Map(
  Object.entries({
    users: userOf(anybody),
    rooms: { rooms: several(10, (index) => roomOf(anybody, index)) },
    notifications: { notifications: several(10, (index) => notificationOf(anybody, index)) },
    presence: { count: online },
  }).map(([name, answer]) => [name, JSON.stringify(answer).split(digitsOf(anybody))]),
);

const server = createServer(({ url = '' }, response) => {
  const parts = answers.get(url.slice(1, url.indexOf('/', 1)));
  const body = parts?.join(url.slice(-12)) ?? '{}';
  response.writeHead(parts ? 200 : 404, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
});
server.listen(0, '127.0.0.1', () => announce({ port: (server.address() as AddressInfo).port }));
