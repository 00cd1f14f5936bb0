import { ProblemError } from '@facet/errors';
import { readPartHeaders, type PartHeaders } from './part-headers.js';

/** One file of a form. Its bytes are read to the end before the next part is asked for. */
export interface Part extends PartHeaders {
  readonly content: AsyncIterable<Buffer>;
}

export interface FormLimits {
  readonly parts: number;
  /** Of the whole body. */
  readonly bytes: number;
}

const mostHeaderBytes = 8_192;
const crlf = Buffer.from('\r\n');
const headersEnd = Buffer.from('\r\n\r\n');

/**
 * The files of a multipart/form-data body (RFC 7578, RFC 2046), as they come. Strict: what begins or ends otherwise than the standard says, has a part that is no
 * file, or goes on beyond the limits is a ProblemError. Holds one chunk of the body at a time.
 */
export async function* readParts(body: AsyncIterable<Buffer>, boundary: string, limits: FormLimits): AsyncGenerator<Part> {
  const source = new Source(body, limits.bytes);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  await source.expectNothingUntil(delimiter);
  for (let parts = 1; !(await source.endsHere()); parts += 1) {
    if (parts > limits.parts) throw new ProblemError('payload-too-large', { detail: `A request may have ${limits.parts} files.` });
    const headers = readPartHeaders(await source.take(headersEnd, mostHeaderBytes));
    const content = source.until(delimiter);
    yield { ...headers, content };
    await exhaust(content);
  }
  await source.skipRest();
}

/** What of the body has come and not been used. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  // As if a line had ended before the first boundary, as one does before the others.
  #rest: Buffer = crlf;
  #received = 0;

  constructor(
    body: AsyncIterable<Buffer>,
    private readonly mostBytes: number,
  ) {
    this.#chunks = body[Symbol.asyncIterator]();
  }

  /** The bytes up to the next delimiter, which is used up too. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(delimiter);
      const end = at >= 0 ? at : this.#rest.length - lengthOfBeginning(delimiter, this.#rest);
      const bytes = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(at >= 0 ? at + delimiter.length : end);
      if (bytes.length > 0) yield bytes;
      if (at >= 0) return;
      await this.#more();
    }
  }

  async expectNothingUntil(delimiter: Buffer): Promise<void> {
    const { done } = await this.until(delimiter).next();
    if (!done) throw malformed('The body does not begin with its boundary.');
  }

  /** Whether the delimiter that was read was the last one; else its line ends here. */
  async endsHere(): Promise<boolean> {
    while (this.#rest.length < 2) await this.#more();
    const after = this.#rest.toString('latin1', 0, 2);
    this.#rest = this.#rest.subarray(2);
    if (after === '--') return true;
    if (after !== '\r\n') throw malformed('A boundary is followed by something else than its part.');
    return false;
  }

  async take(delimiter: Buffer, most: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    let length = 0;
    for await (const bytes of this.until(delimiter)) {
      length += bytes.length;
      if (length > most) throw malformed('The headers of a part are too long.');
      taken.push(bytes);
    }
    return Buffer.concat(taken);
  }

  /** What follows the last boundary means nothing, but must end as well. */
  async skipRest(): Promise<void> {
    do this.#rest = this.#rest.subarray(this.#rest.length);
    while (await this.#next());
  }

  async #more(): Promise<void> {
    if (!(await this.#next())) throw malformed('The body ends before its last boundary.');
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#received += value.length;
    if (this.#received > this.mostBytes)
      throw new ProblemError('payload-too-large', { detail: `A request may have ${this.mostBytes} bytes.` });
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}

async function exhaust(bytes: AsyncGenerator<Buffer>): Promise<void> {
  while (!(await bytes.next()).done);
}

/** How many bytes at the end may be the beginning of the delimiter. */
function lengthOfBeginning(delimiter: Buffer, bytes: Buffer): number {
  for (let at = Math.max(0, bytes.length - delimiter.length + 1); at < bytes.length; at += 1) {
    const length = bytes.length - at;
    if (bytes[at] === delimiter[0] && bytes.compare(delimiter, 0, length, at) === 0) return length;
  }
  return 0;
}

function malformed(detail: string): ProblemError {
  return new ProblemError('invalid-request', { detail });
}
