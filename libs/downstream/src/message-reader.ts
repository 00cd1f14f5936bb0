import { BinaryReader } from '@bufbuild/protobuf/wire';

/** MessageReader: reads protobuf as its base does, but texts by Buffer, which for short ones takes a quarter of TextDecoder's time. */
export class MessageReader extends BinaryReader {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super(bytes);
    this.#bytes = bytes;
  }

  override string(): string {
    const length = this.uint32();
    const start = this.pos;
    this.pos += length;
    if (this.pos > this.len) throw new RangeError('A text ends behind its message');
    return this.#bytes.toString('utf8', start, this.pos);
  }
}
