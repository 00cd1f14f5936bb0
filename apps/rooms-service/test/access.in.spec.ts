import { RoomsImportService, RoomsService } from '@facet/contracts/rooms/grpc';
import { RoomType } from '@facet/contracts/rooms';
import { userIds } from '@facet/testing';
import { accessSuite, roleCallers, roleContext, rpcCallers, RpcLines, type RoleCaller } from '@facet/testing/access';
import { afterAll } from 'vitest';
import { haveRoom, startRooms } from './rooms.fixtures.js';

const service = await startRooms();
afterAll(() => service.stop());
const { db } = service.database;
const of = (role: RoleCaller) => (role === 'importer' ? service.importing : service.clients);

/** Rooms in which nobody is who asks; every change gets one of its own. */
const open = () => haveRoom(db, 'public', { dave: 'admin' });
const closed = () => haveRoom(db, 'private', { dave: 'admin' });
const between = await haveRoom(db, 'direct', { dave: 'admin', gina: 'member' });
const [anOpenRoom, aClosedRoom] = [await open(), await closed()];
/** Rooms in which all are who ask. */
const seated = (role: 'admin' | 'member') => haveRoom(db, 'private', { alice: role, bob: role, carol: role, gina: role, dave: 'member' });

const lines = new RpcLines(service.target, [RoomsService, RoomsImportService]);
const get = (roomId: string) => (role: RoleCaller) => of(role).rooms.getRoom({ roomId }, roleContext(role));
const members = (roomId: string) => (role: RoleCaller) => of(role).rooms.listMembers({ roomId }, roleContext(role));
const inRoom = (room: () => Promise<string>, act: (roomId: string, role: RoleCaller) => Promise<unknown>) => async (role: RoleCaller) =>
  await act(await room(), role);
const update = (roomId: string, role: RoleCaller) => of(role).rooms.updateRoom({ roomId, topic: 'new' }, roleContext(role));
const remove = (roomId: string, role: RoleCaller) => of(role).rooms.deleteRoom({ roomId }, roleContext(role));
const join = (roomId: string, role: RoleCaller) => of(role).rooms.joinRoom({ roomId }, roleContext(role));
const leave = (roomId: string, role: RoleCaller) => of(role).rooms.leaveRoom({ roomId }, roleContext(role));
const addOneself = (roomId: string, role: RoleCaller) =>
  of(role).rooms.addMember(
    { roomId, userId: roleCallers[role].kind === 'service' ? userIds.carol : roleCallers[role].subject },
    roleContext(role),
  );
const addAnother = (roomId: string, role: RoleCaller) => of(role).rooms.addMember({ roomId, userId: userIds.dave }, roleContext(role));
const takeOutDave = (roomId: string, role: RoleCaller) => of(role).rooms.removeMember({ roomId, userId: userIds.dave }, roleContext(role));

lines.add('GetRoom: a public one', 'room:read', get(anOpenRoom));
lines.add('GetRoom: a private one', 'room:read', get(aClosedRoom));
lines.add(
  'GetRoom: a private one, as a member',
  'room:read',
  inRoom(
    () => seated('member'),
    (roomId, role) => get(roomId)(role),
  ),
);
lines.add('GetRoom: a direct one of others', 'room:read', get(between));
lines.add('ListRooms', 'room:list', (role) => of(role).rooms.listRooms({}, roleContext(role)));
lines.add('ListMembers: of a public room', 'room:read', members(anOpenRoom));
lines.add('ListMembers: of a private room', 'room:read', members(aClosedRoom));
lines.add('CreateRoom', 'room:create', (role) =>
  of(role).rooms.createRoom({ name: 'cooking', type: RoomType.ROOM_TYPE_PUBLIC }, roleContext(role)),
);
lines.add('UpdateRoom: a public one', 'room:update', inRoom(open, update));
lines.add('UpdateRoom: a private one', 'room:update', inRoom(closed, update));
lines.add(
  "UpdateRoom: as the room's admin",
  'room:update',
  inRoom(() => seated('admin'), update),
);
lines.add('DeleteRoom: a public one', 'room:delete', inRoom(open, remove));
lines.add('DeleteRoom: a private one', 'room:delete', inRoom(closed, remove));
lines.add(
  "DeleteRoom: as the room's admin",
  'room:delete',
  inRoom(() => seated('admin'), remove),
);
lines.add('JoinRoom: a public one', 'room:join', inRoom(open, join));
lines.add('JoinRoom: a private one', 'room:join', inRoom(closed, join));
lines.add(
  'LeaveRoom: as a member',
  'room:leave',
  inRoom(() => seated('member'), leave),
);
lines.add('AddMember: oneself, to a public room', 'member:add', inRoom(open, addOneself));
lines.add('AddMember: another, to a public room', 'member:add', inRoom(open, addAnother));
lines.add(
  "AddMember: another, as the room's admin",
  'member:add',
  inRoom(() => seated('admin'), addAnother),
);
lines.add('RemoveMember: another, of a public room', 'member:remove', inRoom(open, takeOutDave));
lines.add(
  "RemoveMember: another, as the room's admin",
  'member:remove',
  inRoom(() => seated('admin'), takeOutDave),
);
lines.add('ImportRooms', 'import', (role) => of(role).imports.importRooms({ rooms: [] }, roleContext(role)));

await accessSuite({ application: 'rooms-service', people: rpcCallers, lines: lines.all(), together: true });
