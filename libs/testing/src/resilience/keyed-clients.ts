import type { RequestContext } from '@facet/context';

/** A client whose methods are known by name alone. */
export type AnyClient = Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;

/** One request of the matrix, known by the session of its caller. */
export interface Visit {
  /** The dependency that fails, and the client that goes to where it does; every other goes to healthy services. */
  readonly dependency?: string | undefined;
  readonly client?: AnyClient | undefined;
  /** So many calls of these methods lie on the way, and go well. */
  readonly spare?: Readonly<Record<string, number>> | undefined;
  /** Calls by `rooms.getRoom`, so far. */
  calls: Record<string, number>;
}

/**
 * The clients of a running application, put between: each call goes where the visit of its caller says. So one application serves all cells at once, and
 * what a client remembers of a dependency that fails (its breaker, its retry budget, its last good answers) is new for each of them.
 */
export class KeyedClients {
  readonly #visits = new Map<string, Visit>();

  /** `clients` is what the application has under the token of its `Downstream`. */
  constructor(clients: Record<string, AnyClient>) {
    for (const [dependency, client] of Object.entries(clients)) clients[dependency] = this.#between(dependency, client);
  }

  begin(session: string, visit: Visit): void {
    this.#visits.set(session, visit);
  }

  end(session: string): void {
    this.#visits.delete(session);
  }

  #between(dependency: string, healthy: AnyClient): AnyClient {
    return new Proxy(healthy, {
      get: (_, method: string) => {
        const ask = healthy[method];
        if (typeof ask !== 'function') return ask;
        return (...given: unknown[]) => (this.#clientFor(dependency, method, given.at(-1) as RequestContext) ?? healthy)[method]!(...given);
      },
    });
  }

  #clientFor(dependency: string, method: string, { caller }: RequestContext): AnyClient | undefined {
    const visit = this.#visits.get(caller.session ?? '');
    if (!visit) return undefined;
    const name = `${dependency}.${method}`;
    const number = (visit.calls[name] ?? 0) + 1;
    visit.calls[name] = number;
    return dependency === visit.dependency && number > (visit.spare?.[name] ?? 0) ? visit.client : undefined;
  }
}
