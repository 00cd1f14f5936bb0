import { PresenceService } from '@facet/contracts/presence/grpc';
import { PresenceStatus } from '@facet/contracts/presence';
import { RoomType } from '@facet/contracts/rooms';
import { accessSuite, roleContext, rpcCallers, RpcLines, type RoleCaller } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { haveRoom, startPresence } from './presence.fixtures.js';

const service = await startPresence();
afterAll(() => service.stop());
const of = (role: RoleCaller) => (role === 'importer' ? service.importing : service.clients);

const { ROOM_TYPE_PUBLIC, ROOM_TYPE_PRIVATE } = RoomType;
const open = await haveRoom(service, ROOM_TYPE_PUBLIC, ['dave']);
const closed = await haveRoom(service, ROOM_TYPE_PRIVATE, ['dave']);
const ours = await haveRoom(service, ROOM_TYPE_PUBLIC, ['alice', 'bob', 'carol', 'gina']);

const lines = new RpcLines(service.target, [PresenceService]);
const count = (roomId: string) => (role: RoleCaller) => of(role).presence.countOnline({ roomId }, roleContext(role));
const type = (roomId: string) => (role: RoleCaller) => of(role).presence.setTyping({ roomId }, roleContext(role));
lines.add('CountOnline: in a public room', 'presence:count', count(open));
lines.add('CountOnline: in a private room', 'presence:count', count(closed));
lines.add('Heartbeat', 'presence:update', (role) =>
  of(role).presence.heartbeat({ status: PresenceStatus.PRESENCE_STATUS_ONLINE }, roleContext(role)),
);
lines.add('SetTyping: as a member', 'typing:set', type(ours));
lines.add('SetTyping: in a public room, as no member', 'typing:set', type(open));
lines.add('SetTyping: in a private room, as no member', 'typing:set', type(closed));

await accessSuite({ application: 'presence-service', people: rpcCallers, lines: lines.all(), together: true });
