import { BinaryReader } from '@bufbuild/protobuf/wire';

/** So many bytes of a varint are exact in a number. */
const safeBytes = 7;

/** What generated code makes a number of: it asks for the text. A number in its place spares the text. */
class Whole {
  value = 0;

  toString(): string {
    return this.value as unknown as string;
  }
}

/**
 * MessageReader: reads protobuf as its base does, several times faster: texts are cut from one text of the whole message, and small whole numbers need
 * no BigInt. A text that is cut keeps the whole in memory: who keeps an answer beyond its request copies it.
 */
export class MessageReader extends BinaryReader {
  readonly #bytes: Buffer;
  readonly #whole = new Whole();
  #text: string | undefined;

  constructor(bytes: Buffer) {
    super(bytes);
    this.#bytes = bytes;
  }

  /** Good until the next one is read: generated code turns it into a number at once. Numbers that are not exact come from the base. */
  override int64(): bigint | string {
    const start = this.pos;
    let value = 0;
    let factor = 1;
    for (let at = start; at < start + safeBytes && at < this.len; at++, factor *= 0x80) {
      const byte = this.#bytes[at]!;
      value += (byte & 0x7f) * factor;
      if (byte > 0x7f) continue;
      this.pos = at + 1;
      this.#whole.value = value;
      return this.#whole as unknown as bigint;
    }
    return super.int64();
  }

  override string(): string {
    const length = this.uint32();
    const start = this.pos;
    const end = (this.pos += length);
    if (end > this.len) throw new RangeError('A text ends behind its message');
    for (let at = start; at < end; at++) if (this.#bytes[at]! > 0x7f) return this.#bytes.toString('utf8', start, end);
    this.#text ??= this.#bytes.toString('latin1');
    return this.#text.substring(start, end);
  }
}
