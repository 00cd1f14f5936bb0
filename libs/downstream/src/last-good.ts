import type { Caller, RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { fingerprintOf } from './caller-fingerprint.js';
import { Groups } from './groups.js';
import { KeptAnswers, type KeepBounds } from './kept-answers.js';

/** A call under way whose answer may be kept. */
interface Asking {
  readonly key: string;
  readonly subject: string;
  readonly askedAt: number;
  /** What it brings is not kept: meanwhile the subject was purged, the same call was refused, or nothing may be kept. */
  outdated: boolean;
}

/** KeptForm: how an answer is kept: bytes need less room than objects, and hold on to nothing else. */
export interface KeptForm {
  encode(answer: unknown): Buffer;
  decode(bytes: Buffer): unknown;
}

/**
 * LastGood: the last good answers of calls whose context is content with an old one, by caller, method and request. Bounded in entries and
 * bytes. An answer is as old as its question, and nothing that was asked for before a purge or a refusal is ever kept after it. Usable
 * unless suspended.
 */
export class LastGood {
  #kept: KeptAnswers;
  readonly #asking = new Groups<Asking>();
  #suspended = false;

  constructor(private readonly bounds: KeepBounds = { entries: 5_000, bytes: 8 * 1024 * 1024 }) {
    this.#kept = new KeptAnswers(bounds);
  }

  /**
   * A fresh answer, which is kept as the bytes that `form` makes of it; or, where the dependency gives none, the kept one of this very
   * call, with the dependency noted as degraded.
   */
  async orKept(context: RequestContext, path: string, request: Buffer, ask: () => Promise<unknown>, form: KeptForm): Promise<unknown> {
    const asking = this.#begin(keyOf(path, context.caller, request), context.caller.subject);
    try {
      const answer = await ask();
      this.#keep(asking, answer, form);
      return answer;
    } catch (error) {
      if (!(error instanceof DownstreamError)) throw error;
      const kept = this.#kept.get(asking.key);
      if (!kept || Date.now() - kept.askedAt > (context.maxStaleMs ?? 0)) throw error;
      this.#kept.keep(asking.key, kept);
      context.degrade({ dependency: error.dependency, reason: error.reason });
      return form.decode(kept.answer);
    } finally {
      this.#asking.delete(asking.subject, asking);
    }
  }

  /** A service said no to this call, whether or not its context was content with an old answer: what was kept of it is forgotten. */
  refused(path: string, caller: Caller, request: Buffer): void {
    const key = keyOf(path, caller, request);
    this.#kept.forget(key);
    for (const asking of this.#asking.of(caller.subject)) if (asking.key === key) asking.outdated = true;
  }

  /** From now on answers may be kept, and used again. */
  resume(): void {
    this.#suspended = false;
  }

  /** Forgets all answers, those that are under way included, and keeps and uses none until told to resume. */
  suspend(): void {
    this.#suspended = true;
    this.#kept = new KeptAnswers(this.bounds);
    for (const asking of this.#asking.all()) asking.outdated = true;
  }

  /** Forgets all answers of a subject, those that are under way included: its memberships changed. */
  purge(subject: string): void {
    this.#kept.forgetAllOf(subject);
    for (const asking of this.#asking.of(subject)) asking.outdated = true;
  }

  #begin(key: string, subject: string): Asking {
    const asking: Asking = { key, subject, askedAt: Date.now(), outdated: this.#suspended };
    this.#asking.add(subject, asking);
    return asking;
  }

  #keep({ key, subject, askedAt, outdated }: Asking, fresh: unknown, { encode }: KeptForm): void {
    if (outdated || (this.#kept.get(key)?.askedAt ?? 0) > askedAt) return;
    const answer = encode(fresh);
    this.#kept.keep(key, { subject, answer, askedAt, bytes: answer.length });
  }
}

function keyOf(path: string, caller: Caller, request: Buffer): string {
  return `${path} ${fingerprintOf(caller)} ${request.toString('latin1')}`;
}
