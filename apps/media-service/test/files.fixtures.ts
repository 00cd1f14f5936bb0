import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** An image of that many pixels whose bytes hardly compress. */
export async function anImage(format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif', width = 320, height = 200): Promise<Buffer> {
  return await noise(width, height).toFormat(format).toBuffer();
}

export function noise(width: number, height: number) {
  const raw = Buffer.alloc(width * height * 3);
  for (let at = 0, seed = 1; at < raw.length; at += 1) raw[at] = (seed = (seed * 48_271) % 0x7fff_ffff) & 0xff;
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

/** One chunk of a PNG. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A whole PNG of some kilobytes that says it is so large, and would be. */
export function bombImage(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(Math.min(1_000_000, height * (1 + Math.ceil(width / 8)))));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface ZipEntry {
  readonly name: string;
  readonly data?: Buffer;
  /** What the directory says of its size, whatever is true. */
  readonly claims?: number;
  /** Shares the bytes of the entry before. */
  readonly overlaps?: boolean;
}

/** An archive of stored entries. */
export function aZip(entries: readonly ZipEntry[] = [{ name: 'readme.txt', data: Buffer.from('hello') }]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  let before = 0;
  for (const { name, data = Buffer.from('x'), claims = data.length, overlaps = false } of entries) {
    const at = overlaps ? before : offset;
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20);
    fixed.writeUInt32LE(crc32(data), 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(claims, 18);
    fixed.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.from('504b01021400', 'hex'), fixed, place.subarray(0, 14), Buffer.from(name));
    if (overlaps) continue;
    local.push(Buffer.from('504b0304', 'hex'), fixed, Buffer.from(name), data);
    before = offset;
    offset += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

export const aPdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');
export const aText = Buffer.from('Grüße aus Köln, 你好 👋\nline two\n');

function box(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + data.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, data]);
}

export const anMp4 = Buffer.concat([
  box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1')),
  box('moov', Buffer.alloc(64)),
  box('mdat', Buffer.alloc(512, 7)),
]);

/** Of unknown length, as a browser records it. */
export const aWebm = Buffer.concat([
  Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff', 'hex'),
  Buffer.alloc(256, 3),
]);

function mp3Frame(): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return frame;
}
export const anMp3 = Buffer.concat([mp3Frame(), mp3Frame(), mp3Frame()]);

function oggPage(flags: number, sequence: number, data: Buffer): Buffer {
  const header = Buffer.alloc(28);
  header.write('OggS', 'latin1');
  header[5] = flags;
  header.writeUInt32LE(sequence, 18);
  header[26] = 1;
  header[27] = data.length;
  return Buffer.concat([header, data]);
}
export const anOgg = Buffer.concat([
  oggPage(2, 0, Buffer.from('OpusHead\x01\x02\0\0\0\0\0\0\0\0\0', 'latin1')),
  oggPage(4, 1, Buffer.alloc(100, 1)),
]);
