import { gauge } from '@facet/observability';
import type { Contact } from './contact.js';
import { sameTable, tableOf, type Endpoint } from './endpoint.js';
import type { Report } from './report.js';

const sizes = gauge({ name: 'facet_discovery_endpoints', help: 'Instances in the table of a target.', labels: ['target'] });
const ages = gauge({
  name: 'facet_discovery_age_seconds',
  help: 'Time since the registry last confirmed the table of a target; 0 while it answers.',
  labels: ['target'],
});

/** TableOptions: what is told, by whom it is filled, and the target as metrics show it. */
export interface TableOptions {
  readonly target: string;
  readonly listener: (endpoints: readonly Endpoint[]) => void;
  readonly contact: Contact;
  readonly report: Report;
  readonly now: () => number;
}

/** Table: the instances of one target as last told, and since when nobody has confirmed them. */
export class Table {
  readonly #options: TableOptions;
  readonly #size;
  readonly #age;
  #endpoints: readonly Endpoint[] | undefined;
  #confirmedAt: number;
  #closed = false;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#confirmedAt = options.now();
    this.#size = sizes.labels({ target: options.target });
    this.#age = ages.labels({ target: options.target });
  }

  /** Milliseconds since the table was confirmed, or since it was first asked for. */
  get ageMs(): number {
    return Math.max(0, this.#options.now() - this.#confirmedAt);
  }

  /** The registry says that the table is this, or was this `ageMs` ago. The listener is told where it is another. */
  tell(endpoints: Iterable<Endpoint | undefined>, ageMs = 0): void {
    if (this.#closed) return;
    this.confirm(ageMs);
    const table = tableOf(endpoints);
    if (this.#endpoints && sameTable(this.#endpoints, table)) return;
    this.#endpoints = table;
    this.#size.set(table.length);
    try {
      this.#options.listener(table);
    } catch (error) {
      this.#options.report('warn', `The table of ${this.#options.target} could not be taken over`, error);
    }
  }

  /** The registry says that nothing has changed. */
  confirm(ageMs = 0): void {
    if (this.#closed) return;
    this.#confirmedAt = this.#options.now() - ageMs;
    this.#age.set(ageMs / 1_000);
    this.#options.contact.answered();
  }

  /** The registry did not answer. */
  showAge(): void {
    if (!this.#closed) this.#age.set(this.ageMs / 1_000);
  }

  /** Tells nothing more. */
  close(): void {
    this.#closed = true;
    ages.remove({ target: this.#options.target });
    sizes.remove({ target: this.#options.target });
  }
}
