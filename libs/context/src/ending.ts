/** EndListener: is told once, and why, that nobody waits any more. */
export interface EndListener {
  end(reason: unknown): void;
}

/**
 * Ending: whether anybody still waits, and who wants to know when nobody does. The same promise as an AbortSignal at a tenth of its price, since
 * every call of every request makes use of one; `signal` is that signal, for who needs it.
 */
export class Ending implements EndListener {
  #ended = false;
  #reason: unknown;
  #listeners: Set<EndListener> | undefined;
  #controller: AbortController | undefined;
  #parent: Ending | undefined;

  /** Ends when the signal aborts, for its reason. */
  static of(signal: AbortSignal): Ending {
    const ending = new Ending();
    if (signal.aborted) ending.end(signal.reason);
    else signal.addEventListener('abort', () => ending.end(signal.reason), { once: true });
    return ending;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Why; undefined while somebody waits. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Aborted when this ends. Made when first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ended) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Tells the listener when this ends; at once where it has. */
  add(listener: EndListener): void {
    if (this.#ended) listener.end(this.#reason);
    else (this.#listeners ??= new Set()).add(listener);
  }

  delete(listener: EndListener): void {
    this.#listeners?.delete(listener);
  }

  /** Ends, once, and tells everybody. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    this.detach();
    const listeners = this.#listeners;
    this.#listeners = undefined;
    if (listeners) for (const listener of listeners) listener.end(reason);
    this.#controller?.abort(reason);
  }

  /** An ending that comes with this one, or earlier. Whoever made it detaches it when it is of no use any more. */
  child(): Ending {
    const child = new Ending();
    child.#parent = this;
    this.add(child);
    return child;
  }

  /** Lives on its own from now on. */
  detach(): void {
    this.#parent?.delete(this);
    this.#parent = undefined;
  }
}
