import { MessagesService } from '@facet/contracts/messages/grpc';
import type { ListMessagesRequest } from '@facet/contracts/messages';
import { NotificationsService } from '@facet/contracts/notifications/grpc';
import type { ListNotificationsRequest } from '@facet/contracts/notifications';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import type { ListRoomsRequest } from '@facet/contracts/rooms';
import { UsersService } from '@facet/contracts/users/grpc';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { indexOf, numberOf, people } from './ids.js';
import { messageOf, notificationOf, online, roomOf, several, userOf } from './world.js';

/** One method: what it answers to somebody, and who a request is about. */
export interface SyntheticMethod<Request = never> {
  /** Which of the answers below a request gets; the same for all unless told. */
  readonly size?: (request: Request) => number;
  readonly answer: (number: number, size: number) => object;
  readonly about: (request: Request) => number;
}

const byUserId = ({ userId }: { userId?: string | undefined }) => numberOf(userId);
const byRoomId = ({ roomId }: { roomId?: string | undefined }) => numberOf(roomId);
const pageOf = ({ pageSize }: { pageSize: number }) => pageSize || 20;

export type SyntheticName = 'users' | 'rooms' | 'messages' | 'notifications' | 'presence';

interface SyntheticService {
  readonly service: ServiceDefinition;
  readonly methods: Readonly<Record<string, SyntheticMethod>>;
}

/** The services of the synthetic world with those of their methods that the workloads call. */
export const services: Readonly<Record<SyntheticName, SyntheticService>> = {
  users: { service: UsersService, methods: { getUser: { answer: (number) => ({ user: userOf(number) }), about: byUserId } } },
  rooms: {
    service: RoomsService,
    methods: {
      getRoom: { answer: (number) => ({ room: roomOf(number, 0) }), about: byRoomId },
      listRooms: {
        size: pageOf,
        answer: (number, size) => ({ rooms: several(size, (index) => roomOf(number, index)), more: false }),
        about: ({ memberId, after }: ListRoomsRequest) => numberOf(memberId ?? after),
      },
    },
  },
  messages: {
    service: MessagesService,
    methods: {
      // The last word in a room is another person's in each.
      listMessages: {
        answer: (number) => ({ messages: [messageOf(number)], more: true }),
        about: ({ of }: ListMessagesRequest) => (of ? (numberOf(of.value) + 101 * indexOf(of.value)) % people : 0),
      },
    },
  },
  notifications: {
    service: NotificationsService,
    methods: {
      listNotifications: {
        size: pageOf,
        answer: (number, size) => ({ notifications: several(size, (index) => notificationOf(number, index)), more: false }),
        about: ({ after }: ListNotificationsRequest) => numberOf(after),
      },
    },
  },
  presence: { service: PresenceService, methods: { countOnline: { answer: () => ({ count: online }), about: byRoomId } } },
};
