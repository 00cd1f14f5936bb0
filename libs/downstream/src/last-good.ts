import type { Caller, RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { standingOf } from './caller-fingerprint.js';
import { Groups } from './groups.js';
import { KeptAnswers, type KeepBounds } from './kept-answers.js';

/** A call under way whose answer may be kept. */
interface Asking {
  readonly key: string;
  readonly caller: Caller;
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
 * unless suspended, for whatever reason.
 */
export class LastGood {
  #kept: KeptAnswers;
  readonly #asking = new Groups<Asking>();
  readonly #suspendedFor = new Set<string>();

  constructor(private readonly bounds: KeepBounds = { entries: 5_000, bytes: 8 * 1024 * 1024 }) {
    this.#kept = new KeptAnswers(bounds);
  }

  /**
   * A fresh answer, which is kept as the bytes that `form` makes of it; or, where the dependency gives none, the kept one of this very
   * call, with the dependency noted as degraded.
   */
  async orKept(context: RequestContext, path: string, request: Buffer, ask: () => Promise<unknown>, form: KeptForm): Promise<unknown> {
    const asking = this.#begin(keyOf(path, context.caller, request), context.caller);
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
      this.#asking.delete(asking.caller.subject, asking);
    }
  }

  /** A service said no to this call, whether or not its context was content with an old answer: what was kept of it is forgotten. */
  refused(path: string, caller: Caller, request: Buffer): void {
    const key = keyOf(path, caller, request);
    this.#kept.forget(key);
    for (const asking of this.#asking.of(caller.subject)) if (asking.key === key) asking.outdated = true;
  }

  /** This reason is over: where there is no other, answers may be kept and used again. */
  resume(why = ''): void {
    this.#suspendedFor.delete(why);
  }

  /** Forgets all answers, those that are under way included, and keeps and uses none until told to resume, for each reason. */
  suspend(why = ''): void {
    this.#suspendedFor.add(why);
    this.#kept = new KeptAnswers(this.bounds);
    for (const asking of this.#asking.all()) asking.outdated = true;
  }

  /** Forgets all answers of a subject, those that are under way included: its memberships changed. */
  purge(subject: string): void {
    this.#kept.forgetAllOf(subject);
    for (const asking of this.#asking.of(subject)) asking.outdated = true;
  }

  /** Forgets all answers of such callers, those that are under way included: they are nobody any more. */
  forgetCallers(isOver: (caller: Caller) => boolean): void {
    this.#kept.forgetCallers(isOver);
    for (const asking of this.#asking.all()) if (isOver(asking.caller)) asking.outdated = true;
  }

  #begin(key: string, caller: Caller): Asking {
    const asking: Asking = { key, caller, askedAt: Date.now(), outdated: this.#suspendedFor.size > 0 };
    this.#asking.add(caller.subject, asking);
    return asking;
  }

  #keep({ key, caller, askedAt, outdated }: Asking, fresh: unknown, { encode }: KeptForm): void {
    if (outdated || (this.#kept.get(key)?.askedAt ?? 0) > askedAt) return;
    const answer = encode(fresh);
    this.#kept.keep(key, { caller, answer, askedAt, bytes: answer.length });
  }
}

function keyOf(path: string, caller: Caller, request: Buffer): string {
  return `${path} ${standingOf(caller)} ${request.toString('latin1')}`;
}
