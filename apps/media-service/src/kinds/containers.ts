import type { Bytes } from './bytes.js';

const mostPieces = 100_000;

/** The length that the file's own header tells (RIFF). */
export async function findWebpFault(bytes: Bytes): Promise<string | undefined> {
  const header = await bytes.read(4, 4);
  if (header.length < 4) return 'is cut off';
  const end = 8 + header.readUInt32LE(0);
  if (end > bytes.size) return 'is cut off';
  return end === bytes.size ? undefined : 'goes on after the end of its image';
}

const boxes = new Set(
  'ftyp styp moov moof mdat mfra free skip wide uuid meta sidx ssix prft emsg udta pdin imda meco mvex pnot iloc idat'.split(' '),
);

/** Boxes that fill the file, of types that there are (ISO/IEC 14496-12). */
export async function findBoxFault(bytes: Bytes): Promise<string | undefined> {
  let at = 0;
  for (let count = 0; count < mostPieces; count += 1) {
    if (at === bytes.size) return undefined;
    const header = await bytes.read(at, 16);
    if (header.length < 8) return 'is cut off, or goes on after its end';
    if (!boxes.has(header.toString('latin1', 4, 8))) return 'has a part that does not belong there';
    const length = boxLength(header, bytes.size - at);
    if (length < 8 || at + length > bytes.size) return 'is cut off';
    at += length;
  }
  return 'has too many parts';
}

function boxLength(header: Buffer, rest: number): number {
  const length = header.readUInt32BE(0);
  if (length === 0) return rest;
  if (length !== 1) return length;
  return header.length < 16 ? 0 : Number(header.readBigUInt64BE(8));
}

/** Pages that fill the file (RFC 3533). */
export async function findOggFault(bytes: Bytes): Promise<string | undefined> {
  let at = 0;
  for (let count = 0; count < mostPieces; count += 1) {
    if (at === bytes.size) return undefined;
    const header = await bytes.read(at, 27);
    if (header.toString('latin1', 0, 4) !== 'OggS') return 'goes on after its end';
    const segments = header[26] ?? 0;
    const lengths = await bytes.read(at + 27, segments);
    at += 27 + segments + lengths.reduce((sum, length) => sum + length, 0);
    if (header.length < 27 || lengths.length < segments || at > bytes.size) return 'is cut off';
  }
  return 'has too many pages';
}

/** A header and a segment that end where the file does (RFC 8794, RFC 9559); a live recording does not say how long it is. */
export async function findWebmFault(bytes: Bytes): Promise<string | undefined> {
  const header = await readLength(bytes, 4);
  if (!header) return 'is no WebM file';
  const segmentAt = header.end + header.length;
  const id = await bytes.read(segmentAt, 4);
  if (id.toString('hex') !== '18538067') return 'is no WebM file';
  const segment = await readLength(bytes, segmentAt + 4);
  if (!segment) return 'is cut off';
  if (segment.length === Infinity) return undefined;
  const end = segment.end + segment.length;
  if (end > bytes.size) return 'is cut off';
  return end === bytes.size ? undefined : 'goes on after its end';
}

/** A variable-size integer; all ones mean that nobody knows. */
async function readLength(bytes: Bytes, at: number): Promise<{ length: number; end: number } | undefined> {
  const digits = await bytes.read(at, 8);
  const width = Math.clz32(digits[0] ?? 0) - 23;
  if (width > 8 || digits.length < width) return undefined;
  let length = digits[0]! & (0xff >> width);
  let unknown = length === 0xff >> width;
  for (let index = 1; index < width; index += 1) {
    length = length * 256 + digits[index]!;
    unknown &&= digits[index] === 0xff;
  }
  return { length: unknown ? Infinity : length, end: at + width };
}
