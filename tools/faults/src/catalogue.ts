import { services } from '@facet/constellation';
import * as media from '@facet/contracts/media/http';
import * as messages from '@facet/contracts/messages/grpc';
import * as notifications from '@facet/contracts/notifications/grpc';
import * as presence from '@facet/contracts/presence/grpc';
import * as rooms from '@facet/contracts/rooms/grpc';
import * as users from '@facet/contracts/users/grpc';
import { unknown } from './read-fault.js';

/** What a fault is switched on for: a service, or one of its methods. */
export interface Target {
  readonly service: string;
  /** As in the proto. */
  readonly method?: string;
}

interface Definition {
  readonly methods: Readonly<Record<string, { readonly name: string }>>;
  readonly batchedBy: Readonly<Record<string, string>>;
}

/** All that each service serves. */
const definitions: Readonly<Record<string, Readonly<Record<string, Definition>>>> = {
  'media-service': media,
  'messages-service': messages,
  'notifications-service': notifications,
  'presence-service': presence,
  'rooms-service': rooms,
  'users-service': users,
};

/** The target that is meant by `presence`, `presence-service` or `presence/CountOnline`; a batch twin means its single. Throws with one line that names those that there are. */
export function findTarget(text: string): Target {
  const [name = '', method, ...rest] = text.split('/');
  const known = services.map((each) => each.name);
  const service = known.find((each) => each === name || each === `${name}-service`);
  if (!service || rest.length > 0) throw new Error(unknown('service', name, known));
  if (method === undefined) return { service };
  const methods = methodsOf(service);
  const found = methods.get(method.toLowerCase());
  if (!found) throw new Error(unknown(`method of ${service}`, method, [...new Set(methods.values())]));
  return { service, method: found };
}

/** The methods of a service by lower-case name; under the name of a twin its single. */
function methodsOf(service: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const { methods, batchedBy } of Object.values(definitions[service] ?? {})) {
    for (const { name } of Object.values(methods)) names.set(name.toLowerCase(), name);
    for (const [single, twin] of Object.entries(batchedBy)) names.set(methods[twin]!.name.toLowerCase(), methods[single]!.name);
  }
  return names;
}
