/** Insertion: a value that is to be kept where none is. */
export interface Insertion {
  readonly key: string;
  readonly value: Uint8Array;
  readonly ttlMs: number;
}

interface Waiting extends Insertion {
  readonly resolve: (inserted: boolean) => void;
  readonly reject: (failure: unknown) => void;
}

const atMost = 500;
const outstanding = 2;

/**
 * batchInserts: makes one statement of the inserts that come while two others are under way; alone, an insert does not wait. `insertAll` is given distinct
 * keys in ascending order, so that statements of several replicas never wait for each other in a circle, and returns those that were inserted.
 */
export function batchInserts(
  insertAll: (batch: readonly Insertion[]) => Promise<ReadonlySet<string>>,
): (insertion: Insertion) => Promise<boolean> {
  let waiting: Waiting[] = [];
  let underWay = 0;

  const next = () => {
    while (underWay < outstanding && waiting.length > 0) {
      const batch = waiting.slice(0, atMost);
      waiting = waiting.slice(atMost);
      underWay += 1;
      void carryOut(batch).finally(() => {
        underWay -= 1;
        next();
      });
    }
  };

  const carryOut = async (batch: readonly Waiting[]) => {
    const first = new Map<string, Waiting>();
    for (const each of batch) if (!first.has(each.key)) first.set(each.key, each);
    try {
      const inserted = await insertAll([...first.values()].sort(byKey));
      for (const each of batch) each.resolve(inserted.has(each.key) && first.get(each.key) === each);
    } catch (failure) {
      for (const each of batch) each.reject(failure);
    }
  };

  return (insertion) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...insertion, resolve, reject });
      // What one turn asks for goes together.
      if (waiting.length === 1) queueMicrotask(next);
    });
}

function byKey(one: Insertion, other: Insertion): number {
  return one.key < other.key ? -1 : 1;
}
