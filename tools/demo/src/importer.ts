import { apps, Secrets, tlsFilesOf } from '@facet/constellation';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { MessagesImportService } from '@facet/contracts/messages/grpc';
import { NotificationsImportService } from '@facet/contracts/notifications/grpc';
import { RoomsImportService } from '@facet/contracts/rooms/grpc';
import { UsersImportService } from '@facet/contracts/users/grpc';
import { connectClients, type Client } from '@facet/downstream';
import { randomUUID } from 'node:crypto';

const deadlineMs = 30_000;
const importer: Caller = { subject: 'importer', kind: 'service', client: 'importer', scopes: ['import'], roles: [], permissions: [] };

/** The import services of the running system, and what calling them takes. */
export interface Importer {
  readonly users: Client<typeof UsersImportService>;
  readonly rooms: Client<typeof RoomsImportService>;
  readonly messages: Client<typeof MessagesImportService>;
  readonly notifications: Client<typeof NotificationsImportService>;
  /** A context for one call. */
  readonly within: () => RequestContext;
  readonly close: () => void;
}

/** The import services of the running system, called as the importer. */
export function connectImporter({ home, portOffset }: { home: string; portOffset: number }): Importer {
  const at = (name: string) => ({
    dependency: name.replace('-service', ''),
    audience: name,
    target: `static:127.0.0.1:${apps.find((app) => app.name === name)!.port + portOffset}`,
    deadlineMs,
  });
  const { clients, close } = connectClients({
    issuer: 'importer',
    rootKey: Buffer.from(Secrets.in(home).rootKey('importer'), 'base64url'),
    tls: tlsFilesOf(home, 'importer'),
    clients: {
      users: { service: UsersImportService, ...at('users-service') },
      rooms: { service: RoomsImportService, ...at('rooms-service') },
      messages: { service: MessagesImportService, ...at('messages-service') },
      notifications: { service: NotificationsImportService, ...at('notifications-service') },
    },
  });
  const within = () =>
    new RequestContext({
      caller: importer,
      deadline: Date.now() + deadlineMs,
      ending: new Ending(),
      requestId: randomUUID(),
    });
  return { ...clients, within, close };
}

/** A list in parts of at most `size`. */
export function inChunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
