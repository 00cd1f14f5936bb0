import type { Bytes } from './bytes.js';

const [image, extension, trailer] = [0x2c, 0x21, 0x3b];
const mostBlocks = 500_000;

/** Block after block to the trailer, and nothing after it (GIF89a). */
export async function findGifFault(bytes: Bytes): Promise<string | undefined> {
  const screen = await bytes.read(6, 7);
  if (screen.length < 7) return 'is cut off';
  const walk = { bytes, at: 13 + tableLength(screen[4]!), blocks: 0 };
  while (walk.blocks < mostBlocks) {
    walk.blocks += 1;
    const [kind] = await bytes.read(walk.at, 1);
    if (kind === trailer) return walk.at + 1 === bytes.size ? undefined : 'goes on after the end of its image';
    if (kind === extension) walk.at += 2;
    else if (kind === image) {
      const descriptor = await bytes.read(walk.at, 10);
      walk.at += 11 + tableLength(descriptor[9] ?? 0);
    } else return kind === undefined ? 'is cut off' : 'is no GIF image';
    await skipBlocks(walk);
  }
  return 'has too many blocks';
}

async function skipBlocks(walk: { readonly bytes: Bytes; at: number; blocks: number }): Promise<void> {
  while (walk.blocks < mostBlocks) {
    walk.blocks += 1;
    const [length = 0] = await walk.bytes.read(walk.at, 1);
    walk.at += 1 + length;
    if (length === 0) return;
  }
}

function tableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}
