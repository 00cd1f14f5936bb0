import { writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { WorkQueue } from './work-queue.js';

/** What is to be known of an image: its size as it is shown, in pixels, and the widths of its thumbnails. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly thumbnails: readonly number[];
}

const thumbnailWidths = [160, 640];
/** The longest side that a WebP image can have. */
const longestSide = 16_383;
const decodingSeconds = 10;
const formats: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

// One thread an image and nothing kept between them; and no decoder but for what is taken.
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].flatMap((name) => [`VipsForeignLoad${name}File`, `VipsForeignLoad${name}Buffer`]),
});

/** Looks at images and makes their thumbnails, a bounded number at a time. */
export class Images {
  readonly #queue: WorkQueue;

  constructor(
    private readonly mostPixels: number,
    atOnce: number,
  ) {
    this.#queue = new WorkQueue(atOnce);
  }

  /**
   * The facts of the image in that file, whose thumbnails are then at `pathOf(width)`: upright, the first frame, without metadata, never larger than the image. Or why
   * it is none: what it says of its size is believed before anything is decoded, and what cannot be decoded to its end is broken.
   */
  async examine(path: string, type: string, pathOf: (width: number) => string): Promise<ImageFacts | { readonly fault: string }> {
    return await this.#queue.run(async () => {
      try {
        return await this.#examine(path, type, pathOf);
      } catch (error) {
        if (isOurs(error)) throw error;
        return { fault: 'is a broken image' };
      }
    });
  }

  async #examine(path: string, type: string, pathOf: (width: number) => string): Promise<ImageFacts | { readonly fault: string }> {
    const image = sharp(path, { limitInputPixels: false, failOn: 'error', sequentialRead: true });
    const { format, width: stored = 0, height: high = 0, autoOrient } = await image.metadata();
    if (format !== formats[type]) return { fault: 'is a broken image' };
    if (stored * high > this.mostPixels) return { fault: `has more than ${this.mostPixels} pixels` };
    if (Math.max(stored, high) > longestSide) return { fault: `has a side of more than ${longestSide} pixels` };
    const { width, height } = autoOrient;
    const thumbnails = [...new Set(thumbnailWidths.map((each) => Math.min(each, width)))];
    const [largest = width, ...smaller] = thumbnails.toReversed();
    const largestBytes = await scale(image.autoOrient(), largest);
    await writeFile(pathOf(largest), largestBytes, { mode: 0o600 });
    for (const each of smaller) await writeFile(pathOf(each), await scale(sharp(largestBytes), each), { mode: 0o600 });
    return { width, height, thumbnails };
  }
}

async function scale(image: Sharp, width: number): Promise<Buffer> {
  return await image.resize({ width }).webp({ quality: 78 }).timeout({ seconds: decodingSeconds }).toBuffer();
}

/** Of the file system, not of the image. */
function isOurs(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
