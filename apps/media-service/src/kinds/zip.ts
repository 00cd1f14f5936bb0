import type { Bytes } from './bytes.js';

const [endSignature, entrySignature, fileSignature] = ['504b0506', '504b0102', '504b0304'];
const endLength = 22;
const entryLength = 46;
const longestComment = 65_535;
/** What an archive may say of itself. Who unpacks it must know by then what he does. */
const limits = { entries: 5_000, unpackedBytes: 512 * 1024 * 1024, ratio: 100, archives: 8, ratioMattersFrom: 4 * 1024 * 1024 };

interface Directory {
  readonly at: number;
  readonly entries: number;
  readonly size: number;
}

/** What is wrong with an archive by its central directory (APPNOTE, section 4.3): it hides something, leads out of its folder, or is a bomb. */
export async function findZipFault(bytes: Bytes): Promise<string | undefined> {
  const [end] = await directoriesIn(bytes, (at, comment) => at + endLength + comment === bytes.size);
  if (!end) return 'is cut off, or goes on after its end';
  if (end.at + end.size + endLength > bytes.size || (await signatureAt(bytes, 0)) !== fileSignature) return 'is no whole ZIP archive';
  if (end.entries > limits.entries) return `has more than ${limits.entries} entries`;
  return findBomb(bytes, end);
}

/** Whether the end of a file of another kind is that of a ZIP archive: unpackers begin there, whatever comes before. */
export async function endsAsZip(bytes: Bytes): Promise<boolean> {
  return (await directoriesIn(bytes, () => true)).length > 0;
}

/** The central directories whose end is in the last part of the file, the last first. */
async function directoriesIn(bytes: Bytes, fits: (at: number, commentLength: number) => boolean): Promise<Directory[]> {
  const from = Math.max(0, bytes.size - endLength - longestComment);
  const tail = Buffer.from(await bytes.read(from, bytes.size - from));
  const found: Directory[] = [];
  const signature = Buffer.from(endSignature, 'hex');
  for (let at = tail.lastIndexOf(signature); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(signature, at - 1)) {
    if (at + endLength > tail.length || !fits(from + at, tail.readUInt16LE(at + 20))) continue;
    const size = tail.readUInt32LE(at + 12);
    const directory = { at: from + at - size, entries: tail.readUInt16LE(at + 10), size };
    if (directory.at >= 0 && (await signatureAt(bytes, directory.at)) === (size === 0 ? endSignature : entrySignature))
      found.push(directory);
  }
  return found;
}

async function signatureAt(bytes: Bytes, at: number): Promise<string> {
  return (await bytes.read(at, 4)).toString('hex');
}

async function findBomb(bytes: Bytes, { at: directory, entries, size }: Directory): Promise<string | undefined> {
  const seen = { unpacked: 0, archives: 0, packed: [] as { from: number; to: number }[] };
  let at = directory;
  for (let count = 0; count < entries; count += 1) {
    const entry = await readEntry(bytes, at);
    if (!entry) return 'is no whole ZIP archive';
    const fault = faultOfName(entry.name);
    if (fault) return fault;
    at += entry.length;
    seen.unpacked += entry.unpacked;
    seen.packed.push({ from: entry.offset, to: entry.offset + 30 + entry.packed });
    if (/\.(zip|jar|7z|rar|gz|bz2|xz|tar|tgz)$/i.test(entry.name)) seen.archives += 1;
  }
  if (at !== directory + size) return 'is no whole ZIP archive';
  if (seen.archives > limits.archives) return `has more than ${limits.archives} archives in it`;
  if (seen.unpacked > limits.unpackedBytes) return 'is too large when it is unpacked';
  if (seen.unpacked > limits.ratioMattersFrom && seen.unpacked > limits.ratio * bytes.size) return 'is too large when it is unpacked';
  return findOverlap(seen.packed, directory);
}

interface Entry {
  readonly name: string;
  readonly length: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

/** Undefined where there is none, or where its sizes are elsewhere, as only archives of more than 4 GiB need it. */
async function readEntry(bytes: Bytes, at: number): Promise<Entry | undefined> {
  const head = Buffer.from(await bytes.read(at, entryLength));
  if (head.length < entryLength || head.toString('hex', 0, 4) !== entrySignature) return undefined;
  const [packed, unpacked, offset] = [head.readUInt32LE(20), head.readUInt32LE(24), head.readUInt32LE(42)];
  if ([packed, unpacked, offset].includes(0xffff_ffff)) return undefined;
  const nameLength = head.readUInt16LE(28);
  const name = (await bytes.read(at + entryLength, nameLength)).toString('latin1');
  return { name, packed, unpacked, offset, length: entryLength + nameLength + head.readUInt16LE(30) + head.readUInt16LE(32) };
}

function faultOfName(name: string): string | undefined {
  const leadsOut = /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..') || name.includes('\0');
  if (leadsOut) return 'has an entry that leads out of its folder';
  return /^META-INF\/MANIFEST\.MF$/i.test(name) ? 'is a program' : undefined;
}

/** Entries that share bytes unpack to far more than there is. */
function findOverlap(packed: { from: number; to: number }[], directory: number): string | undefined {
  packed.sort((one, other) => one.from - other.from);
  const overlaps = packed.some(({ to }, index) => to > (packed[index + 1]?.from ?? directory));
  return overlaps ? 'has entries that share their bytes' : undefined;
}
