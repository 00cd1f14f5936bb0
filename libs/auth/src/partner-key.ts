import { randomInt } from 'node:crypto';

/** PartnerKeyKind: `live` in production, `test` everywhere else. */
export type PartnerKeyKind = 'live' | 'test';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 190 bits. */
const randomDigits = 32;
/** The fewest that hold 32 bits. */
const checksumDigits = 6;
const form = new RegExp(`^(facet_(live|test)_[${digits}]{${randomDigits}})_([${digits}]{${checksumDigits}})$`);

/**
 * newPartnerKey: a key of a partner, `facet_live_<random>_<checksum>`: 32 random digits in base 62 (190 bits), and the CRC-32 of all before it in six more. The
 * prefix is for scanners of leaked secrets, the checksum for whoever would otherwise ask about a typo. `random`: a whole number below the one that it is given.
 */
export function newPartnerKey(kind: PartnerKeyKind, random: (below: number) => number = randomInt): string {
  const body = `facet_${kind}_${Array.from({ length: randomDigits }, () => digits[random(digits.length)]).join('')}`;
  return `${body}_${checksumOf(body)}`;
}

/** partnerKeyKind: of which kind a text is that is a whole partner key; nothing where it is none, or one with a typo. */
export function partnerKeyKind(text: string): PartnerKeyKind | undefined {
  const [, body, kind, checksum] = form.exec(text) ?? [];
  return body && checksum === checksumOf(body) ? (kind as PartnerKeyKind) : undefined;
}

/** looksLikePartnerKey: whether somebody meant a text to be a partner key, whole or not. */
export function looksLikePartnerKey(text: string): boolean {
  return text.startsWith('facet_');
}

/** kindOfPartnerKeys: of which kind the keys of an environment are. Those of another are refused before anybody is asked. */
export function kindOfPartnerKeys(environment: 'development' | 'production'): PartnerKeyKind {
  return environment === 'production' ? 'live' : 'test';
}

function checksumOf(text: string): string {
  let rest = crc32(Buffer.from(text));
  let written = '';
  for (let place = 0; place < checksumDigits; place += 1) {
    written = digits[rest % digits.length]! + written;
    rest = Math.floor(rest / digits.length);
  }
  return written;
}

/** CRC-32 (ISO 3309), bit by bit: zlib has none before Node 20.15, and a key is 43 bytes. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
