import { z } from 'zod';

const direction = z.enum(['requests', 'answers', 'both']);
const ms = z.number().min(0).max(3_600_000);
const bytes = z.number().int().min(0);

/** What can be the matter with a network, as it is written in faults.json too. */
export const toxicSchema = z.discriminatedUnion('kind', [
  /** Every byte arrives so much later, give or take the jitter; none overtakes another. Where no direction is told: answers, so that a call takes that much longer. */
  z.strictObject({ kind: z.literal('latency'), ms, jitterMs: ms.optional(), direction: direction.optional() }),
  /** So many bytes a second in each direction. */
  z.strictObject({ kind: z.literal('bandwidth'), bytesPerSecond: z.number().positive(), direction: direction.optional() }),
  /** Connections are reset (RST) at once, or after so many more bytes in one of the directions. */
  z.strictObject({ kind: z.literal('reset'), afterBytes: bytes.optional(), direction: direction.optional() }),
  /** Connections are accepted and read, and nothing comes of it: at once, or after so many more bytes. Who hung up is not told of either. */
  z.strictObject({ kind: z.literal('half-open'), afterBytes: bytes.optional(), direction: direction.optional() }),
  /** Nobody listens, and what was connected is reset. */
  z.strictObject({ kind: z.literal('down') }),
  /** Down and up by turns, for so long each; down first. */
  z.strictObject({ kind: z.literal('flapping'), everyMs: z.number().positive().max(3_600_000) }),
]);

/** Something that is the matter with a network. Where a direction is not told, it is both; for latency it is the answers'. */
export type Toxic = z.infer<typeof toxicSchema>;

/** Which bytes suffer: those of who connects, those of who answers, or both. */
export type Direction = z.infer<typeof direction>;

/** One of the two ways of a connection. */
export type Way = Exclude<Direction, 'both'>;

/** What one way of one connection suffers. */
export interface Suffering {
  readonly latency?: { readonly ms: number; readonly jitterMs: number } | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly resetAfter?: number | undefined;
  readonly silentAfter?: number | undefined;
}

/** The toxics that concern one way, by kind; of two of a kind the later counts. */
export function sufferingOf(toxics: readonly Toxic[], way: Way): Suffering {
  let suffering: Suffering = {};
  for (const toxic of toxics) if (concerns(toxic, way)) suffering = { ...suffering, ...ofOne(toxic) };
  return suffering;
}

function concerns(toxic: Toxic, way: Way): boolean {
  if (toxic.kind === 'down' || toxic.kind === 'flapping') return false;
  const { direction = toxic.kind === 'latency' ? 'answers' : 'both' } = toxic;
  return direction === 'both' || direction === way;
}

function ofOne(toxic: Toxic): Suffering {
  switch (toxic.kind) {
    case 'latency':
      return { latency: { ms: toxic.ms, jitterMs: toxic.jitterMs ?? 0 } };
    case 'bandwidth':
      return { bytesPerSecond: toxic.bytesPerSecond };
    case 'reset':
      return { resetAfter: toxic.afterBytes ?? 0 };
    case 'half-open':
      return { silentAfter: toxic.afterBytes ?? 0 };
    default:
      return {};
  }
}
