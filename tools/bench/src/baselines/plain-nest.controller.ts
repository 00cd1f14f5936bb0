import { Controller, Get, Inject, Param, type OnModuleInit } from '@nestjs/common';
import type { ClientGrpc } from '@nestjs/microservices';
import { firstValueFrom, type Observable } from 'rxjs';

interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}
type Fields = Readonly<Record<string, unknown>>;
type Method = (request: object) => Observable<Fields>;

/** Frozen. Four unary calls by Promise.all, one object. */
@Controller()
export class PlainHomeController implements OnModuleInit {
  private getUser!: Method;
  private listRooms!: Method;
  private listNotifications!: Method;
  private countOnline!: Method;

  constructor(
    @Inject('users') private readonly users: ClientGrpc,
    @Inject('rooms') private readonly rooms: ClientGrpc,
    @Inject('notifications') private readonly notifications: ClientGrpc,
    @Inject('presence') private readonly presence: ClientGrpc,
  ) {}

  onModuleInit(): void {
    const method = (client: ClientGrpc, service: string, name: string): Method => {
      const stub = client.getService<Record<string, Method>>(service);
      return (request) => stub[name]!(request);
    };
    this.getUser = method(this.users, 'UsersService', 'getUser');
    this.listRooms = method(this.rooms, 'RoomsService', 'listRooms');
    this.listNotifications = method(this.notifications, 'NotificationsService', 'listNotifications');
    this.countOnline = method(this.presence, 'PresenceService', 'countOnline');
  }

  @Get('home/:userId')
  async home(@Param('userId') userId: string) {
    const digits = userId.slice(-12);
    const [{ user }, { rooms }, { notifications }, { count }] = await Promise.all([
      firstValueFrom(this.getUser({ userId })),
      firstValueFrom(this.listRooms({ memberId: userId, order: 'ROOM_ORDER_LAST_ACTIVITY', pageSize: 10 })),
      firstValueFrom(this.listNotifications({ pageSize: 10, after: `01930000-0000-7000-8000-${digits}` })),
      firstValueFrom(this.countOnline({ roomId: `01920000-0000-7000-8000-${digits}` })),
    ]);
    const { id, username, name, about, avatarUrl, createdAt } = user as Fields;
    return {
      user: { id, username, name, about: about ?? null, avatarUrl: avatarUrl ?? null, createdAt: toText(createdAt) },
      rooms: (rooms as Fields[]).map(toRoom),
      notifications: (notifications as Fields[]).map(toNotification),
      online: count,
      degraded: [],
    };
  }
}

function toRoom({ id, name, type, topic, memberCount, lastActivityAt }: Fields) {
  const kind = String(type).replace('ROOM_TYPE_', '').toLowerCase();
  return { id, name, type: kind, topic: topic ?? null, members: memberCount, lastActivityAt: toText(lastActivityAt) };
}

function toNotification({ id, type, roomId, messageId, text, createdAt, read }: Fields) {
  const kind = String(type).replace('NOTIFICATION_TYPE_', '').toLowerCase();
  return { id, type: kind, roomId, messageId, text, at: toText(createdAt), read };
}

function toText(timestamp: unknown): string {
  const { seconds, nanos } = timestamp as Timestamp;
  return new Date(seconds * 1_000 + nanos / 1_000_000).toISOString();
}
