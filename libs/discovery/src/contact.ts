import type { Report } from './report.js';

/** Contact: whether a registry answers; says so once when it stops and once when it is back. */
export class Contact {
  readonly #what: string;
  readonly #meanwhile: string;
  readonly #report: Report;
  #answers = 0;
  #away = false;

  /** `what`: as it is called in the log; `meanwhile`: what is so while it is away. */
  constructor(what: string, meanwhile: string, report: Report) {
    this.#what = what;
    this.#meanwhile = meanwhile;
    this.#report = report;
  }

  /** How often it has answered. */
  get answers(): number {
    return this.#answers;
  }

  /** It answered. */
  answered(): void {
    this.#answers++;
    if (this.#away) this.#report('info', `${this.#what} answers again`);
    this.#away = false;
  }

  /** It did not answer, or with what is of no use. */
  failed(error: unknown): void {
    if (!this.#away) this.#report('warn', `${this.#what} is away; ${this.#meanwhile}`, error);
    this.#away = true;
  }
}
