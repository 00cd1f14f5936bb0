import { BlockList, isIP } from 'node:net';

/** Countries (ISO 3166, two letters) that are allowed, and no others; or refused, and no others. */
export interface CountryRule {
  readonly mode: 'allow' | 'deny';
  readonly countries: ReadonlySet<string>;
}

/** Where nobody knows the country: a number of no country, an address that is not in the table. */
export const unknownCountry = 'ZZ';

/** `allow:DE,AT` or `deny:KP,ZZ`. */
export function parseCountryRule(text: string): CountryRule | undefined {
  const [, mode, list] = /^(allow|deny):([A-Z]{2}(?:,[A-Z]{2})*)$/.exec(text.replace(/\s/g, '')) ?? [];
  return list === undefined ? undefined : { mode: mode as CountryRule['mode'], countries: new Set(list.split(',')) };
}

export function permits(rule: CountryRule | undefined, country: string): boolean {
  return rule === undefined || rule.countries.has(country) === (rule.mode === 'allow');
}

export interface AddressRange {
  readonly network: string;
  readonly prefix: number;
  readonly country: string;
}

/** One range a line (or `;`), such as `203.0.113.0/24 DE`; `#` begins a remark. Undefined: something of it is not understood. */
export function parseAddressTable(text: string): AddressRange[] | undefined {
  const lines = text.split(/[\n;]/).map((line) => line.replace(/#.*/, '').trim());
  const ranges = lines.filter((line) => line !== '').map(rangeOf);
  return ranges.includes(undefined) ? undefined : (ranges as AddressRange[]);
}

function rangeOf(line: string): AddressRange | undefined {
  const [, network = '', prefix, country = ''] = /^([\da-fA-F.:]+)\/(\d{1,3})[\s,=]+([A-Z]{2})$/.exec(line) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(network)]!;
  return Number(prefix) <= bits ? { network, prefix: Number(prefix), country } : undefined;
}

/** Which country an address is of, by a table whose ranges do not overlap. */
export class AddressTable {
  readonly #countries = new Map<string, BlockList>();

  constructor(ranges: readonly AddressRange[]) {
    for (const { network, prefix, country } of ranges) {
      const list = this.#countries.get(country) ?? new BlockList();
      list.addSubnet(network, prefix, familyOf(network));
      this.#countries.set(country, list);
    }
  }

  countryOf(address: string): string {
    const plain = address.replace(/%.*$/, '');
    if (isIP(plain) === 0) return unknownCountry;
    for (const [country, list] of this.#countries) if (list.check(plain, familyOf(plain))) return country;
    return unknownCountry;
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
