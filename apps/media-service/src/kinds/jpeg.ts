import { skipZeros, type Bytes } from './bytes.js';

const [startOfImage, endOfImage, startOfScan] = [0xd8, 0xd9, 0xda];
const mostImages = 8;
const mostSegments = 20_000;
const blockSize = 32_768;

/** Segment after segment to the end of the image (ITU T.81, annex B). Only further JPEG images may follow, as cameras append them (CIPA DC-007). */
export async function findJpegFault(bytes: Bytes): Promise<string | undefined> {
  let at = 0;
  for (let images = 0; images < mostImages; images += 1) {
    const end = await endOfJpeg(bytes, at);
    if (end === undefined) return 'is cut off or no JPEG image';
    at = await skipZeros(bytes, end);
    if (at >= bytes.size) return undefined;
    const next = await bytes.read(at, 3);
    if (next.toString('hex') !== 'ffd8ff') return 'goes on after the end of its image';
  }
  return 'has too many images';
}

/** Where the image that begins there ends; undefined where it is none. */
async function endOfJpeg(bytes: Bytes, start: number): Promise<number | undefined> {
  let at = start;
  for (let count = 0; count < mostSegments; count += 1) {
    const head = await bytes.read(at, 4);
    if (head.length < 2 || head[0] !== 0xff) return undefined;
    const marker = head[1]!;
    if (marker === endOfImage) return at + 2;
    if (marker === 0xff) at += 1;
    else if (marker === startOfImage || marker === 0x01) at += 2;
    else if (head.length < 4) return undefined;
    else at += 2 + head.readUInt16BE(2);
    if (marker === startOfScan) at = await endOfScan(bytes, at);
  }
  return undefined;
}

/** The next marker that is neither an escaped byte, nor a restart. */
async function endOfScan(bytes: Bytes, start: number): Promise<number> {
  for (let from = start; from < bytes.size; from += blockSize - 1) {
    const block = await bytes.read(from, blockSize);
    for (let at = block.indexOf(0xff); at >= 0 && at + 1 < block.length; at = block.indexOf(0xff, at + 1)) {
      const code = block[at + 1]!;
      if (code !== 0x00 && code !== 0xff && !(code >= 0xd0 && code <= 0xd7)) return from + at;
    }
  }
  return bytes.size;
}
