import type { FileHandle } from 'node:fs/promises';

/** A file that is looked at here and there. */
export interface Bytes {
  readonly size: number;
  /** At most so many bytes from there; fewer only where the file ends. Valid until the next call. */
  read(position: number, length: number): Promise<Buffer>;
}

const windowSize = 65_536;

/** Reads a file through one window, so that who walks along it reads each byte once. */
export class FileBytes implements Bytes {
  readonly #memory = Buffer.allocUnsafe(windowSize);
  #window = this.#memory.subarray(0, 0);
  #from = 0;

  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  async read(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size);
    if (position < this.#from || end > this.#from + this.#window.length) await this.#move(position, length);
    const start = position - this.#from;
    return this.#window.subarray(start, Math.max(start, end - this.#from));
  }

  async #move(position: number, length: number): Promise<void> {
    const memory = length > windowSize ? Buffer.allocUnsafe(length) : this.#memory;
    const { bytesRead } = await this.handle.read(memory, 0, memory.length, position);
    this.#window = memory.subarray(0, bytesRead);
    this.#from = position;
  }
}

/** Each window of a file in turn, with so many bytes of the one before. */
export async function* windowsOf(bytes: Bytes, overlap = 0): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.size; at += windowSize - overlap) yield await bytes.read(at, windowSize);
}

/** The place of the first byte from there that is not zero, or the end. */
export async function skipZeros(bytes: Bytes, start: number): Promise<number> {
  for (let from = start; from < bytes.size; from += windowSize) {
    const at = (await bytes.read(from, windowSize)).findIndex((byte) => byte !== 0);
    if (at >= 0) return from + at;
  }
  return bytes.size;
}
