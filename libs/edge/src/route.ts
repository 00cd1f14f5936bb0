import type { RouteAccess } from '@facet/auth';
import type { ProblemCode } from '@facet/errors';
import type { z } from 'zod';
import type { DeclaredFaults } from './faults.decorator.js';

/** RouteInputs: the schemas of what a route takes. */
export interface RouteInputs {
  path?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** A multipart body, passed on as it comes. */
  upload?: true;
}

/** Returned: what a route answers with when all is well, as its decorator declares it. */
export interface Returned {
  readonly kind: 'json' | 'nothing' | 'raw' | 'stream';
  readonly status: number;
  readonly also: readonly number[];
  readonly schema?: z.ZodType;
  /** Content types of a raw answer; the first is the default. */
  readonly types: readonly string[];
  /** Problems beyond those that the declaration of the route implies. */
  readonly problems: readonly ProblemCode[];
  readonly summary?: string;
  readonly description?: string;
}

/** Route: everything that one route declares, gathered once at start. */
export interface Route {
  /** `RoomController.get`, for people. */
  readonly name: string;
  readonly tag: string;
  readonly method: string;
  /** As the router knows it: `/v1/rooms/:roomId`. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly budgetMs: number;
  readonly inputs: RouteInputs;
  readonly returns: Returned;
  /** What it answers while a dependency fails; absent where nobody said. */
  readonly faults?: DeclaredFaults | undefined;
  /** Whether an OAuth client is shown how long the parts of its answers took. */
  readonly showsTimings: (client: string) => boolean;
  /** The body of a JSON answer: nothing but what the schema promises. */
  readonly serialize?: (value: unknown) => string;
}
