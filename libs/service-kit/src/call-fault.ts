import { isProblemCode, type ProblemCode } from '@facet/errors';
import { z } from 'zod';

const ms = z.number().min(0).max(3_600_000);
const problem = z.custom<ProblemCode>((code) => typeof code === 'string' && isProblemCode(code), 'is no problem code');

/** callFault: what can be the matter with the answers of a method, as it is written in faults.json. */
export const callFault = z.discriminatedUnion('kind', [
  /** Every handler takes so much longer, give or take the jitter. */
  z.strictObject({ kind: z.literal('slow'), delayMs: ms, jitterMs: ms.optional() }),
  /** Every call fails with this problem. */
  z.strictObject({ kind: z.literal('failing'), problem }),
  /** Every answer is bytes that cannot be decoded; that of a batch has a number of results that nobody asked for. */
  z.strictObject({ kind: z.literal('garbage') }),
  /** Fails as one that is away, and is well, by turns, for so long each. */
  z.strictObject({ kind: z.literal('flapping'), everyMs: z.number().positive().max(3_600_000) }),
]);

/** CallFault: what is the matter with the answers of a method. */
export type CallFault = z.infer<typeof callFault>;

/** callFaults: faults by `presence-service` (all its methods) or `presence-service/CountOnline`. */
export const callFaults = z.record(z.string(), callFault);
