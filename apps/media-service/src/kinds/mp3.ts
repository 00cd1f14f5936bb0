import { skipZeros, type Bytes } from './bytes.js';

const bitRates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/** Of MPEG 2 and 2.5. */
const lowBitRates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const sampleRates = [44_100, 48_000, 32_000];

/** Frames of MPEG audio after the tag, of which the first two follow each other (ISO/IEC 11172-3). */
export async function findMp3Fault(bytes: Bytes): Promise<string | undefined> {
  const tag = await bytes.read(0, 10);
  const tagEnd = tag.toString('latin1', 0, 3) === 'ID3' ? 10 + synchsafe(tag) + (tag[5]! & 0x10 ? 10 : 0) : 0;
  const at = await skipZeros(bytes, tagEnd);
  const first = frameLength(await bytes.read(at, 4));
  if (!first) return 'is no MP3 file';
  const next = await bytes.read(at + first, 4);
  const follows = next.length < 4 || frameLength(next) !== undefined || next.toString('latin1', 0, 3) === 'TAG';
  return follows ? undefined : 'is no MP3 file';
}

function synchsafe(tag: Buffer): number {
  return tag.subarray(6, 10).reduce((size, seven) => size * 128 + (seven & 0x7f), 0);
}

/** Of a frame of layer III; undefined where there is none. */
function frameLength(header: Buffer): number | undefined {
  if (header.length < 4 || header[0] !== 0xff || (header[1]! & 0xe6) !== 0xe2) return undefined;
  const version = (header[1]! >> 3) & 3;
  const bitRate = bitRates[header[2]! >> 4];
  const sampleRate = sampleRates[(header[2]! >> 2) & 3];
  if (version === 1 || !bitRate || !sampleRate) return undefined;
  const padding = (header[2]! >> 1) & 1;
  if (version === 3) return Math.floor((144_000 * bitRate) / sampleRate) + padding;
  return Math.floor((72_000 * lowBitRates[header[2]! >> 4]!) / (sampleRate / (version === 2 ? 2 : 4))) + padding;
}
