import { ProblemError } from '@facet/errors';
import type { AbortableQueryOptions } from 'kysely';

/** Lifetime: until when an answer is wanted, and whether anybody still waits. A RequestContext and a BatchContext are one. */
export interface Lifetime {
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Says the same as the signal, which is then not asked for. */
  readonly ending?: { add(listener: { end(reason: unknown): void }): void };
}

const signals = new WeakMap<Lifetime, AbortSignal>();

/**
 * within: options for `execute` and its siblings that end a statement with the request it is for. At the deadline the caller gets a ProblemError
 * `deadline-exceeded`, on abort `client-closed-request`, at once; the statement is cancelled in the server and the connection is reused only
 * after that. One signal serves all statements of a context, and its timer ends with the context.
 */
export function within(lifetime: Lifetime): AbortableQueryOptions & { readonly signal: AbortSignal } {
  let signal = signals.get(lifetime);
  if (!signal) {
    signal = signalOf(lifetime);
    signals.set(lifetime, signal);
  }
  return { signal };
}

function signalOf(lifetime: Lifetime): AbortSignal {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = (reason: unknown) => {
    clearTimeout(timer);
    controller.abort(reason instanceof ProblemError ? reason : new ProblemError('client-closed-request', { cause: reason }));
  };
  const remainingMs = lifetime.deadline - Date.now();
  const atDeadline = () => end(new ProblemError('deadline-exceeded'));
  if (remainingMs > 0) timer = setTimeout(atDeadline, remainingMs).unref();
  else atDeadline();

  if (lifetime.ending) lifetime.ending.add({ end });
  else endWith(lifetime.signal, end);
  return controller.signal;
}

function endWith(signal: AbortSignal, end: (reason: unknown) => void): void {
  if (signal.aborted) end(signal.reason);
  else signal.addEventListener('abort', () => end(signal.reason), { once: true });
}
