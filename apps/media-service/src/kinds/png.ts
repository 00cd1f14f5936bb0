import type { Bytes } from './bytes.js';

const signatureLength = 8;
/** Length, type and checksum. */
const frameLength = 12;
const mostChunks = 50_000;

/** Chunk after chunk, from IHDR to IEND, and nothing after it (PNG, section 5). */
export async function findPngFault(bytes: Bytes): Promise<string | undefined> {
  let at = signatureLength;
  for (let count = 0; count < mostChunks; count += 1) {
    const header = await bytes.read(at, 8);
    if (header.length < 8) return 'is cut off';
    const type = header.toString('latin1', 4);
    if (count === 0 && type !== 'IHDR') return 'is no PNG image';
    at += frameLength + header.readUInt32BE(0);
    if (at > bytes.size) return 'is cut off';
    if (type === 'IEND') return at === bytes.size ? undefined : 'goes on after the end of its image';
  }
  return 'has too many chunks';
}
