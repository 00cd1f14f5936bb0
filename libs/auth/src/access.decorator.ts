import 'reflect-metadata';
import { SetMetadata } from '@nestjs/common';
import type { AssuranceNeeded } from './circumstances.js';
import type { Attributes, Condition } from './conditions.js';
import type { RuleName } from './policy.js';
import type { Scope } from './roles.js';

const key = 'facet:access';

/** LimitName: the named limits of which each route declares one: `browse` for what reads, `write` for what changes something. */
export type LimitName = 'browse' | 'write';

/** AccessOptions: who may call a route, and how often. */
export interface AccessOptions {
  /** Scope that the token must have; of several, all. `any`: whoever is known, as for GraphQL, where each field asks for its own. */
  readonly scope: Scope | readonly Scope[] | 'any';
  /** What it does, in the words of the policy: who certainly may not is refused before anything is called. */
  readonly rule?: RuleName;
  /** What the path tells of the thing, for the rule. */
  readonly about?: (params: Readonly<Record<string, string>>) => Attributes;
  /** How sure it must be who is calling, for what is dangerous. */
  readonly assurance?: AssuranceNeeded;
  /** What else must be so, of the caller, the time and the address. Nobody behind this route asks again: what is unknown is no. */
  readonly where?: readonly Condition[];
  readonly limit: LimitName;
  /** Time for the whole answer in milliseconds; 1,000 unless told. */
  readonly budgetMs?: number;
}

/** RouteAccess: what a route declared. */
export type RouteAccess =
  { readonly public: true } | ({ readonly public: false; readonly scopes: readonly Scope[] } & Omit<AccessOptions, 'scope'>);

/** Access: declares who may call a route, or all routes of a controller, and which limit counts. */
export function Access({ scope, ...rest }: AccessOptions): MethodDecorator & ClassDecorator {
  const scopes = scope === 'any' ? [] : typeof scope === 'string' ? [scope] : [...scope];
  return SetMetadata<string, RouteAccess>(key, { public: false, scopes, ...rest });
}

/** Public: declares that anybody may call a route, known or not, as often as they like: health, documents. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(key, { public: true });
}

const declared = new WeakMap<object, WeakMap<object, RouteAccess>>();

/**
 * accessOf: what a handler declared, else its controller; nothing where neither did, and such a route must not be served. Decorators are read once: what
 * a route declares does not change while it is served.
 */
export function accessOf(handler: object, controller: object): RouteAccess | undefined {
  return declared.get(handler)?.get(controller) ?? readAccess(handler, controller);
}

function readAccess(handler: object, controller: object): RouteAccess | undefined {
  const access: RouteAccess | undefined = Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  if (!access) return undefined;
  const ofHandler = declared.get(handler) ?? new WeakMap<object, RouteAccess>();
  declared.set(handler, ofHandler.set(controller, access));
  return access;
}
