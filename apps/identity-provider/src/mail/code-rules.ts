import type { Delay } from '../sign-in/attempts.js';
import { AddressTable, permits, type AddressRange, type CountryRule } from './countries.js';
import type { CodeLimits } from './code-limits.js';
import { countryOfPhone } from './phone-numbers.js';

export interface CountryRules {
  /** By the prefix of a number. */
  readonly phones?: CountryRule | undefined;
  /** By where a request comes from, as the table says. */
  readonly addresses?: CountryRule | undefined;
  readonly table: readonly AddressRange[];
}

export type Refusal = Delay | 'country';

/** Who may ask for one-time codes, from where, how often, and to which phones they go. */
export class CodeRules {
  readonly #table: AddressTable;

  constructor(
    readonly limits: CodeLimits,
    private readonly countries: CountryRules,
  ) {
    this.#table = new AddressTable(countries.table);
  }

  /** Counts that somebody at this address wants a code sent `to` there; undefined: he may. It depends on nothing but what he says and where he is. */
  async ask(to: string, address: string): Promise<Refusal | undefined> {
    const { addresses } = this.countries;
    if (addresses && !permits(addresses, this.#table.countryOf(address))) return 'country';
    return (await this.limits.count('from', address)) ?? this.limits.count('to', to);
  }

  reaches(phone: string): boolean {
    return permits(this.countries.phones, countryOfPhone(phone));
  }
}
