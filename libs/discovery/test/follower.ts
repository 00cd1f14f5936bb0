import { closeWhatIsOpen, closedAfterwards } from './closing.js';
import { discover, type DiscoverOptions, type Discovery, type Endpoint } from '../src/index.js';

export { closeWhatIsOpen };

/** Follower: who follows a target in a test, and all that he was told. */
export class Follower {
  readonly tables: (readonly Endpoint[])[] = [];
  readonly reports: string[] = [];
  readonly discovery: Discovery;
  readonly #waiting = new Set<() => void>();

  constructor(target: string, options: Omit<DiscoverOptions, 'report'> = {}) {
    this.discovery = discover(
      target,
      (table) => {
        this.tables.push(table);
        this.#look();
      },
      {
        ...options,
        report: (level, message, error) => {
          this.reports.push(`${level}: ${message}${error instanceof Error ? ` (${error.message})` : ''}`);
          this.#look();
        },
      },
    );
    closedAfterwards(() => this.discovery.close());
  }

  /** The addresses of the last table; undefined before the first. */
  get addresses(): string[] | undefined {
    return this.tables.at(-1)?.map(({ address }) => address);
  }

  /** Resolves when the table is these addresses. */
  async sees(...addresses: string[]): Promise<void> {
    await this.until(() => JSON.stringify(this.addresses) === JSON.stringify(addresses));
  }

  /** Resolves when something was reported. */
  async hears(part: string): Promise<void> {
    await this.until(() => this.reports.some((report) => report.includes(part)));
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}
