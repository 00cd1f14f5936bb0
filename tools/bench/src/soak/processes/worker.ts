import { within, type Database } from '@facet/database';
import type { BatchContext } from '@facet/service-kit';
import { sql } from 'kysely';
import type { ServedEvent, ServiceEvents, WorkEvent } from '../abandon/events.js';
import { workOf, type Work } from '../abandon/work.js';
import { mark, recordStatements } from './record-statements.js';

type Context = Pick<BatchContext, 'deadline' | 'ending' | 'signal' | 'requestId'>;

/** Does what calls ask for, and writes down when. */
export class Worker {
  readonly #served: ServedEvent[] = [];
  readonly #work: WorkEvent[] = [];

  constructor(private readonly db: Database<unknown>) {
    recordStatements((about) => this.#begin(JSON.parse(about) as Pick<WorkEvent, 'rpc' | 'manner' | 'ms'>));
  }

  get events(): ServiceEvents {
    return { served: this.#served, work: this.#work };
  }

  /** As if nothing had been. */
  forget(): void {
    this.#served.length = 0;
    this.#work.length = 0;
  }

  /** Serves the calls of one RPC, in the manner of the first of them. */
  async serve<Answer>(ids: readonly string[], context: Context, answer: Answer): Promise<readonly (Answer | Promise<Answer>)[]> {
    const calls = ids.map(workOf);
    const first = calls[0]!;
    const served: ServedEvent = {
      rpc: context.requestId,
      calls: calls.map(({ number }) => number),
      startedAt: Date.now(),
      deadline: context.deadline,
    };
    this.#served.push(served);
    context.ending.add({ end: () => (served.toldAt = Date.now()) });
    if (first.manner === 'statements')
      return calls.map((work) => this.#statement({ ...work, manner: 'statements' }, context).then(() => answer));
    if (first.manner === 'timer') await this.#timer(first, context);
    else if (first.manner === 'transaction') await this.#transaction(first, context);
    else await this.#statement(first, context);
    return calls.map(() => answer);
  }

  async #statement(work: Work, context: Context): Promise<void> {
    await sleeping(work, context).execute(this.db, within(context));
  }

  async #transaction(work: Work, context: Context): Promise<void> {
    await this.db.transaction().execute((transaction) => sleeping(work, context).execute(transaction, within(context)));
  }

  #timer({ manner, ms }: Work, { ending, requestId }: Context): Promise<void> {
    const ended = this.#begin({ rpc: requestId, manner, ms });
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      ending.add({
        end: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      });
    }).finally(ended);
  }

  #begin(about: Pick<WorkEvent, 'rpc' | 'manner' | 'ms'>): () => void {
    const event: WorkEvent = { ...about, startedAt: Date.now() };
    this.#work.push(event);
    return () => (event.endedAt = Date.now());
  }
}

/** A statement that takes as long as the work does. */
function sleeping({ manner, ms }: Work, { requestId }: Context) {
  return sql`select pg_sleep(${ms / 1_000}), ${mark + JSON.stringify({ rpc: requestId, manner, ms })}::text`;
}
