import type { Socket } from 'node:net';
import type { Suffering } from './toxic.js';

/** What a lane is made of: from whom to whom, where its luck comes from, and how its connection is reset. */
export interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly random: () => number;
  readonly reset: () => void;
}

/** Bytes on their way, or the end of them all. */
interface Parcel {
  bytes: Buffer | undefined;
  readonly arrivedAt: number;
  /** Where within the jitter it falls: -1 to 1. */
  readonly luck: number;
}

/** A slow line is written to in pieces of this long. */
const pieceMs = 50;
/** What may be on its way before the sender is held up: much on a long line, little on a narrow one. */
const mostOnLongLine = 4 * 1024 * 1024;
const mostOnNarrowLine = 64 * 1024;

/** One way of a connection: what comes in goes out in order, as late, as slowly and as far as it suffers. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #onItsWay: Parcel[] = [];
  #suffering: Suffering = {};
  #bytesOnTheirWay = 0;
  /** When a narrow line is free for the next piece. */
  #freeAt = 0;
  /** Bytes since the suffering began. */
  #passed = 0;
  #lostSomething = false;
  #full = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { from, to } = options;
    from.on('data', (bytes: Buffer) => this.#arrive(bytes));
    from.on('end', () => this.#arrive(undefined));
    to.on('drain', () => {
      this.#full = false;
      this.#move();
    });
    to.on('close', () => clearTimeout(this.#timer));
  }

  /** What it suffers from now on, what is on its way included. A connection that lost bytes cannot go on once bytes arrive again: it is reset. */
  suffer(suffering: Suffering): void {
    this.#suffering = suffering;
    this.#passed = 0;
    this.#freeAt = 0;
    if (suffering.resetAfter === 0 || (this.#lostSomething && !this.#silent)) this.#options.reset();
    else this.#move();
  }

  /** The sender is gone without a word. Whoever is at the other end of a silent lane is not told. */
  broken(): void {
    if (this.#silent) this.#lostSomething = true;
    else this.#options.reset();
  }

  get #silent(): boolean {
    const { silentAfter } = this.#suffering;
    return silentAfter !== undefined && this.#passed >= silentAfter;
  }

  #arrive(bytes: Buffer | undefined): void {
    this.#onItsWay.push({ bytes, arrivedAt: performance.now(), luck: this.#options.random() * 2 - 1 });
    this.#bytesOnTheirWay += bytes?.length ?? 0;
    if (this.#bytesOnTheirWay > this.#most) this.#options.from.pause();
    this.#move();
  }

  get #most(): number {
    return this.#suffering.bytesPerSecond === undefined ? mostOnLongLine : mostOnNarrowLine;
  }

  /** Moves whatever may leave by now, and comes back when the next may. */
  #move(): void {
    clearTimeout(this.#timer);
    for (let parcel = this.#onItsWay[0]; parcel && !this.#full && !this.#options.to.destroyed; parcel = this.#onItsWay[0]) {
      const piece = this.#pieceOf(parcel);
      const leavesAt = this.#leavesAt(parcel, piece);
      const waitMs = leavesAt - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#move(), Math.ceil(waitMs));
        break;
      }
      this.#freeAt = leavesAt;
      this.#take(parcel, piece);
      this.#deliver(piece);
    }
    if (this.#bytesOnTheirWay <= this.#most / 2) this.#options.from.resume();
  }

  #pieceOf({ bytes }: Parcel): Buffer | undefined {
    const { bytesPerSecond } = this.#suffering;
    if (!bytes || bytesPerSecond === undefined) return bytes;
    return bytes.subarray(0, Math.max(1, Math.floor((bytesPerSecond * pieceMs) / 1_000)));
  }

  #leavesAt({ arrivedAt, luck }: Parcel, piece: Buffer | undefined): number {
    const { latency, bytesPerSecond } = this.#suffering;
    const dueAt = arrivedAt + (latency ? Math.max(0, latency.ms + luck * latency.jitterMs) : 0);
    if (bytesPerSecond === undefined || !piece) return dueAt;
    return Math.max(dueAt, this.#freeAt) + (piece.length / bytesPerSecond) * 1_000;
  }

  #take(parcel: Parcel, piece: Buffer | undefined): void {
    this.#bytesOnTheirWay -= piece?.length ?? 0;
    if (piece && parcel.bytes && piece.length < parcel.bytes.length) parcel.bytes = parcel.bytes.subarray(piece.length);
    else this.#onItsWay.shift();
  }

  #deliver(piece: Buffer | undefined): void {
    const { resetAfter = Infinity, silentAfter = Infinity } = this.#suffering;
    const { to, reset } = this.#options;
    const through = piece && this.#upTo(Math.min(resetAfter, silentAfter), piece);
    this.#passed += piece?.length ?? 0;
    if (through?.length) this.#full = !to.write(through);
    if (resetAfter < silentAfter && this.#passed >= resetAfter) to.write('', reset);
    else if (piece !== through) this.#lostSomething = true;
    else if (!piece) this.#end();
  }

  #end(): void {
    if (this.#silent) this.#lostSomething = true;
    else this.#options.to.end();
  }

  /** As much of a piece as may pass before so many bytes have. */
  #upTo(limit: number, piece: Buffer): Buffer {
    const room = Math.max(0, limit - this.#passed);
    return piece.length <= room ? piece : piece.subarray(0, room);
  }
}
