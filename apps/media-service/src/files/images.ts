import { writeFile } from 'node:fs/promises';
import { ProblemError } from '@facet/errors';
import sharp, { type Sharp } from 'sharp';
import { WorkQueue } from './work-queue.js';

/** What is to be known of an image: its size as it is shown, in pixels, and the widths of its thumbnails. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly thumbnails: readonly number[];
}

/** Where an image is, what it should be, and where its thumbnails go, by their width. */
export interface ImageFile {
  readonly path: string;
  readonly type: string;
  readonly pathOf: (width: number) => string;
}

const thumbnailWidths = [160, 640];
/** The longest side that a WebP image can have. */
const longestSide = 16_383;
const decodingSeconds = 30;
/** A baseline JPEG shrinks while it is decoded: phones make large ones. */
const baselineFactor = 4;
const formats: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

// One thread an image and nothing kept between them; and no decoder but for what is taken.
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif'].flatMap((name) => [`VipsForeignLoad${name}File`, `VipsForeignLoad${name}Buffer`]),
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
   * The facts of an image, whose thumbnails are then where they go: upright, the first frame, without metadata, never larger than the image. Or why
   * it is none: what it says of its size is believed before anything is decoded, and what cannot be decoded to its end is broken.
   */
  async examine({ path, type, pathOf }: ImageFile, signal: AbortSignal): Promise<ImageFacts | { readonly fault: string }> {
    const look = async () => {
      try {
        return await this.#examine({ path, type, pathOf });
      } catch (error) {
        if (isOurs(error)) throw error;
        if (isLate(error)) throw new ProblemError('deadline-exceeded', { cause: error });
        return { fault: 'is a broken image' };
      }
    };
    return await this.#queue.run(look, signal);
  }

  async #examine({ path, type, pathOf }: ImageFile): Promise<ImageFacts | { readonly fault: string }> {
    const image = sharp(path, { limitInputPixels: false, failOn: 'error', sequentialRead: true });
    const { format, width: stored = 0, height: high = 0, autoOrient, isProgressive } = await image.metadata();
    if (format !== formats[type]) return { fault: 'is a broken image' };
    const mostPixels = this.mostPixels * (format === 'jpeg' && !isProgressive ? baselineFactor : 1);
    if (stored * high > mostPixels) return { fault: `has more than ${mostPixels} pixels` };
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

function isLate(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout');
}
