import { ProblemError } from '@facet/errors';
import type { AbortableQueryOptions } from 'kysely';

/** Ending: until when an answer is wanted, and whether anybody still waits. A RequestContext and a BatchContext are one. */
export interface Ending {
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

const signals = new WeakMap<Ending, AbortSignal>();

/**
 * within: options for `execute` and its siblings that end a statement with the request it is for. At the deadline the caller gets a ProblemError
 * `deadline-exceeded`, on abort `client-closed-request`, at once; the statement is cancelled in the server and the connection is reused only
 * after that. One signal serves all statements of a context.
 */
export function within(ending: Ending): AbortableQueryOptions {
  let signal = signals.get(ending);
  if (!signal) {
    signal = signalOf(ending);
    signals.set(ending, signal);
  }
  return { signal };
}

function signalOf({ deadline, signal }: Ending): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new ProblemError('deadline-exceeded')), Math.max(0, deadline - Date.now()));
  timer.unref();
  const onAbort = () => {
    clearTimeout(timer);
    controller.abort(
      signal.reason instanceof ProblemError ? signal.reason : new ProblemError('client-closed-request', { cause: signal.reason }),
    );
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return controller.signal;
}
