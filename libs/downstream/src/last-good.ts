import type { RequestContext } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { fingerprintOf } from './caller-fingerprint.js';
import { Groups } from './groups.js';
import { KeptAnswers, type KeepBounds } from './kept-answers.js';

/** A call under way whose answer may be kept. */
interface Asking {
  readonly key: string;
  readonly subject: string;
  readonly askedAt: number;
  /** What it brings is not kept: meanwhile the subject was purged, or the same call was refused. */
  outdated: boolean;
}

/** KeptForm: how an answer is kept: bytes need less room than objects, and hold on to nothing else. */
export interface KeptForm {
  encode(answer: unknown): Buffer;
  decode(bytes: Buffer): unknown;
}

/**
 * LastGood: the last good answers of calls whose context is content with an old one, by caller, method and request. Bounded in entries and bytes. An
 * answer is as old as its question, and nothing that was asked for before a purge or a refusal is ever kept after it.
 */
export class LastGood {
  readonly #kept: KeptAnswers;
  readonly #asking = new Groups<Asking>();

  constructor(bounds: KeepBounds = { entries: 5_000, bytes: 8 * 1024 * 1024 }) {
    this.#kept = new KeptAnswers(bounds);
  }

  /**
   * A fresh answer; or, where the dependency gives none, the kept one of this very call, with the dependency noted as degraded. A service that refuses
   * is an answer: the kept one is forgotten. It is kept as the bytes that `form` makes of it.
   */
  async orKept(context: RequestContext, path: string, request: Buffer, ask: () => Promise<unknown>, form: KeptForm): Promise<unknown> {
    const asking = this.#begin(`${path} ${fingerprintOf(context.caller)} ${request.toString('latin1')}`, context.caller.subject);
    try {
      const answer = await ask();
      this.#keep(asking, answer, form);
      return answer;
    } catch (error) {
      if (!(error instanceof DownstreamError)) {
        if (isRefusal(error)) this.#refused(asking);
        throw error;
      }
      const kept = this.#kept.get(asking.key);
      if (!kept || Date.now() - kept.askedAt > (context.maxStaleMs ?? 0)) throw error;
      this.#kept.keep(asking.key, kept);
      context.degrade({ dependency: error.dependency, reason: error.reason });
      return form.decode(kept.answer);
    } finally {
      this.#asking.delete(asking.subject, asking);
    }
  }

  /** How many subjects have calls under way. */
  get busySubjects(): number {
    return this.#asking.size;
  }

  /** Forgets all answers of a subject, those that are under way included: its session was revoked, or its roles or memberships changed. */
  purge(subject: string): void {
    this.#kept.forgetAllOf(subject);
    for (const asking of this.#asking.of(subject)) asking.outdated = true;
  }

  #begin(key: string, subject: string): Asking {
    const asking: Asking = { key, subject, askedAt: Date.now(), outdated: false };
    this.#asking.add(subject, asking);
    return asking;
  }

  #keep({ key, subject, askedAt, outdated }: Asking, fresh: unknown, { encode }: KeptForm): void {
    if (outdated || (this.#kept.get(key)?.askedAt ?? 0) > askedAt) return;
    const answer = encode(fresh);
    this.#kept.keep(key, { subject, answer, askedAt, bytes: answer.length });
  }

  #refused({ key, subject }: Asking): void {
    this.#kept.forget(key);
    for (const other of this.#asking.of(subject)) if (other.key === key) other.outdated = true;
  }
}

/** The service said no; a caller that hung up has heard nothing. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.code !== 'client-closed-request';
}
