import 'reflect-metadata';
import { SetMetadata } from '@nestjs/common';

const key = 'facet:faults';

/** Fault: how a dependency fails: nobody listens, it answers too late, with a failure of its own, with what cannot be read, or every other call fails. */
export type Fault = 'down' | 'slow' | 'error' | 'garbage' | 'flapping';

/**
 * FaultOutcome: what comes of a request whose dependency fails. Each word has one rule for all faults, proven and written down by the resilience
 * matrix (docs/resilience.md): `problem`: no answer; `once`: no answer, and no other try; `degraded`: the part is null; `stale`: the part is old, or
 * null; `partial`: a field is null, with an error (GraphQL); `whole`: as if nothing were the matter. A read or a command that may be repeated is
 * tried again, so that flapping goes unnoticed.
 */
export type FaultOutcome = 'problem' | 'once' | 'degraded' | 'stale' | 'partial' | 'whole';

/** DeclaredOutcome: one word for all faults, or one with the faults for which it is another. */
export type DeclaredOutcome = FaultOutcome | ({ readonly otherwise: FaultOutcome } & { readonly [Name in Fault]?: FaultOutcome });

/** DeclaredFaults: the outcome for each dependency that an endpoint calls, by its short name. What is not named is never called. */
export type DeclaredFaults = Readonly<Record<string, DeclaredOutcome>>;

/**
 * Faults: declares what a route, or all routes of a controller, answer while a dependency fails: `@Faults({ rooms: 'problem', presence: 'degraded' })`.
 * Nothing reads it while the application runs; the resilience matrix holds every route to it.
 */
export function Faults(declared: DeclaredFaults): MethodDecorator & ClassDecorator {
  return SetMetadata<string, DeclaredFaults>(key, declared);
}

/** faultsOf: what a handler declared, else its controller; nothing where neither did, which the resilience matrix refuses. */
export function faultsOf(handler: object, controller: object): DeclaredFaults | undefined {
  return Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
}
