import { digitsOf } from './ids.js';

/** A number that nobody has: where it stands in a message, somebody's own goes. */
export const anybody = 0xffff_ffff_ffff;

/** A message of which nothing but a person's number differs, so that it is encoded once and copied from then on. */
export class Template {
  readonly #holes: readonly number[];

  /** `bytes`: the message for `anybody`. */
  constructor(private readonly bytes: Buffer) {
    this.#holes = holesIn(bytes, digitsOf(anybody));
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Writes the message for somebody, and returns where it ends. */
  write(into: Buffer, at: number, number: number): number {
    this.bytes.copy(into, at);
    const digits = digitsOf(number);
    for (const hole of this.#holes) into.write(digits, at + hole, 'latin1');
    return at + this.bytes.length;
  }
}

function holesIn(bytes: Buffer, mark: string): number[] {
  const holes: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) holes.push(at);
  return holes;
}
