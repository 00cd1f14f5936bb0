import type { ClientOptions } from '@facet/downstream';
import type { Fault } from '@facet/edge';
import type { RunningApp } from '@facet/service-kit';
import { signInAt } from '../sign-in.js';
import type { SignInIssuer } from '../sign-in-issuer.js';
import { callerOf, type TestUser } from '../callers.js';
import type { EndpointRequest, Reply } from './endpoint.js';
import { FailingDependency } from './failing-dependency.js';
import type { KeyedClients, Visit } from './keyed-clients.js';

/** What a request came to, and how often it made the application call what. */
interface Paid {
  readonly reply: Reply;
  readonly calls: Readonly<Record<string, number>>;
}

/** A dependency that fails during a visit. */
interface Failing {
  readonly dependency: string;
  readonly fault: Fault;
  /** Calls that go well, by method. */
  readonly spare: Readonly<Record<string, number>>;
  /** Asked for before it fails. */
  readonly first?: EndpointRequest;
}

/** An application under test, and who asks it. */
export interface VisitOptions {
  readonly running: RunningApp;
  readonly clients: KeyedClients;
  readonly issuer: SignInIssuer;
  /** Whom visitors are, and the OAuth client that they use. */
  readonly user: TestUser;
  readonly client: string;
  /** They come with the cookie of a session, not with a token. */
  readonly browser?: boolean | undefined;
  /** Left out of what is answered. */
  readonly volatile?: RegExp | undefined;
  readonly dependencies: Readonly<Record<string, ClientOptions>>;
  /** What the services answer while they are well. */
  readonly fakes: Readonly<Record<string, object>>;
}

/** The headers by which a visitor is known. */
type Credential = Readonly<Record<string, string>>;

const patienceMs = 10_000;

/** Requests to the application, each by a session of its own, with a dependency that fails for this session alone. */
export class Visits {
  readonly dependencies: readonly string[];
  readonly #options: VisitOptions;
  #sessions = 0;

  constructor(options: VisitOptions) {
    this.#options = options;
    this.dependencies = Object.keys(options.dependencies);
  }

  /** A request while all is well. */
  pay(request: EndpointRequest): Promise<Paid> {
    return this.#visit({ calls: {} }, (credential) => this.#send(request, credential));
  }

  /** A request while a dependency fails. */
  async payWhile({ dependency, fault, spare, first }: Failing, request: EndpointRequest): Promise<Paid> {
    const { dependencies, fakes } = this.#options;
    const failing = new FailingDependency(dependencies[dependency]!, fakes[dependency] ?? {}, fault);
    const visit: Visit = { dependency, client: failing.client, spare, calls: {} };
    try {
      return await this.#visit(visit, async (credential) => {
        if (first) await this.#send(first, credential);
        visit.calls = {};
        await failing.fail();
        return this.#send(request, credential);
      });
    } finally {
      await failing.stop();
    }
  }

  async #visit(visit: Visit, act: (credential: Credential) => Promise<Reply>): Promise<Paid> {
    const { clients } = this.#options;
    const session = `visit-${(this.#sessions += 1)}`;
    clients.begin(session, visit);
    try {
      return { reply: await act(await this.#credential(session)), calls: visit.calls };
    } finally {
      clients.end(session);
    }
  }

  async #credential(session: string): Promise<Credential> {
    const { running, issuer, user, client, browser } = this.#options;
    const who = { user: { ...callerOf(user), session }, client };
    if (!browser) return { authorization: `Bearer ${await issuer.issue(who)}` };
    return { cookie: await signInAt(running.listening['http']!, issuer, who), 'x-csrf': '1' };
  }

  async #send({ method, path, headers, body }: EndpointRequest, credential: Credential): Promise<Reply> {
    const { running, volatile = /$^/ } = this.#options;
    const url = running.listening['http'] + path;
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { method, headers: { ...credential, ...headers }, body, signal });
    const text = (await response.text()).replace(volatile, '');
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }
}
