import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { IncomingFiles, nameOf } from './incoming-files.js';

/**
 * The files of attachments: `files/<two digits>/<id>`, and `<id>-160` for a thumbnail. Names are made of ids and widths of ours alone. What is on its way is in
 * `incoming/<upload>/`, and in its place only once its bytes are on the disk.
 */
export class FileStore {
  readonly #incoming: string;
  readonly #files: string;

  constructor(readonly folder: string) {
    this.#incoming = join(folder, 'incoming');
    this.#files = join(folder, 'files');
  }

  async prepare(): Promise<void> {
    for (const folder of [this.#incoming, this.#files]) await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  /** A place for what comes with one upload. */
  async begin(uploadId: string): Promise<IncomingFiles> {
    return await new IncomingFiles(join(this.#incoming, uploadId), (id) => this.#placeOf(id)).prepare();
  }

  /** The bytes of an attachment, or of its thumbnail of that width. */
  async read(id: string, width?: number): Promise<FileHandle> {
    return await open(join(this.#placeOf(id), nameOf(id, width)), 'r');
  }

  /** Removes what is there of an attachment. */
  async remove(id: string, widths: readonly number[]): Promise<void> {
    for (const width of [undefined, ...widths]) await rm(join(this.#placeOf(id), nameOf(id, width)), { force: true });
  }

  /** Removes uploads that began before then: whoever was at them is gone. */
  async sweepIncoming(before: Date): Promise<void> {
    for (const name of await readdir(this.#incoming)) {
      const path = join(this.#incoming, name);
      if (await isOlder(path, before)) await rm(path, { recursive: true, force: true });
    }
  }

  /** The folders that attachments have their places in, at most 256, in order. */
  async places(): Promise<readonly string[]> {
    return (await readdir(this.#files)).sort();
  }

  /** Removes what is older than then in one of the places and belongs to no attachment. `known` says which of these ids are. */
  async sweepPlace(place: string, before: Date, known: (ids: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void> {
    const names = await readdir(join(this.#files, place));
    const attachments = await known([...new Set(names.map(idOf))]);
    for (const name of names.filter((each) => !attachments.has(idOf(each)))) {
      const path = join(this.#files, place, name);
      if (await isOlder(path, before)) await rm(path, { force: true });
    }
  }

  /** The last digits of an id are random; its first ones are the time. */
  #placeOf(id: string): string {
    return join(this.#files, id.slice(-2));
  }
}

const uuidLength = 36;

function idOf(name: string): string {
  return name.slice(0, uuidLength);
}

async function isOlder(path: string, before: Date): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.mtime < before;
}
