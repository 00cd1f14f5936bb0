import { X509Certificate } from 'node:crypto';
import { Authority } from './authority.js';
import { authorityName, readPair, writePair } from './certificate-folder.js';

const dayMs = 86_400_000;
const authorityMs = 365 * dayMs;

/** CertificatesWanted: whose certificates are to be where, and for how long. */
export interface CertificatesWanted {
  readonly folder: string;
  readonly names: readonly string[];
  readonly days: number;
  /** Those that would do for longer as well. */
  readonly renew: boolean;
  readonly tell?: (line: string) => void;
}

/**
 * makeCertificates: sees to it that each of these applications has a certificate of the folder's authority for at least a third of its life. Where the authority is new, or
 * near its end, all are. Resolves with the first end among them.
 */
export async function makeCertificates({ folder, names, days, renew, tell = () => undefined }: CertificatesWanted): Promise<Date> {
  const authority = await authorityIn(folder, tell);
  const ends = await Promise.all(
    names.map(async (name) => {
      const known = readPair(folder, name);
      if (known && !renew && authority.vouchesFor(known.cert)) return endOf(known.cert);
      const pair = await authority.issue(name, { lifetimeMs: days * dayMs });
      writePair(folder, name, pair, authority.pair.cert);
      tell(`  ${name}: until ${endOf(pair.cert).toISOString()}`);
      return endOf(pair.cert);
    }),
  );
  return new Date(Math.min(...ends.map(Number)));
}

async function authorityIn(folder: string, tell: (line: string) => void): Promise<Authority> {
  const known = readPair(folder, authorityName);
  const kept = known && (await Authority.of(known));
  if (kept?.vouchesFor(kept.pair.cert)) return kept;
  const authority = await Authority.create(authorityMs);
  writePair(folder, authorityName, authority.pair, authority.pair.cert);
  tell(`  a new authority: until ${endOf(authority.pair.cert).toISOString()}`);
  return authority;
}

function endOf(cert: string): Date {
  return new Date(new X509Certificate(cert).validTo);
}
