import { finished, Readable } from 'node:stream';

/** FlowOptions: for how long either side may stand still, and what it is then. */
export interface FlowOptions {
  /** More was wanted, and nothing came, for so long. */
  readonly sourceMs: number;
  /** There was more, and nobody took it, for so long. */
  readonly sinkMs: number;
  /** The error that the flow ends with. */
  readonly onStall: (side: 'source' | 'sink') => Error;
  /** As what an error of the source goes on: what it holds may be secret. */
  readonly onError: (error: Error) => Error;
  /** The source ends with the flow; else it stays as it is, for whoever has it. */
  readonly owns: boolean;
}

/** Flow: the bytes of a source, passed on as fast as they are taken and no faster; holds no more than one piece. Takes nothing before `start`. */
export class Flow extends Readable {
  readonly #source: Readable;
  readonly #options: FlowOptions;
  #started = false;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  #leave: (() => void) | undefined;
  #taken = 0;
  readonly #pass = (piece: Buffer) => this.#take(piece);

  constructor(source: Readable, options: FlowOptions) {
    super({ highWaterMark: 1 });
    this.#source = source;
    this.#options = options;
  }

  /** Bytes that were taken from the source. */
  get taken(): number {
    return this.#taken;
  }

  /** From now on. */
  start(): this {
    if (this.#started || this.destroyed) return this;
    this.#started = true;
    if (this.#wanted) this._read();
    else this.#watch('sink', this.#options.sinkMs);
    return this;
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#started) return;
    this.#watch('source', this.#options.sourceMs);
    if (this.#leave === undefined) this.#join();
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    if (this.#leave) {
      this.#leave();
      this.#source.off('data', this.#pass).pause();
      // It may still fail, and nobody else listens.
      this.#source.on('error', ignore);
    }
    if (this.#options.owns) this.#source.on('error', ignore).destroy();
    done(error);
  }

  #join(): void {
    this.#source.on('data', this.#pass);
    this.#leave = finished(this.#source, { writable: false }, (error) => {
      clearTimeout(this.#timer);
      if (error) return void this.destroy(this.#options.onError(error));
      // The last piece may still lie here.
      this.#watch('sink', this.#options.sinkMs);
      this.push(null);
    });
  }

  #take(piece: Buffer): void {
    this.#taken += piece.length;
    this.#wanted = false;
    if (this.push(piece)) return this.#watch('source', this.#options.sourceMs);
    this.#source.pause();
    this.#watch('sink', this.#options.sinkMs);
  }

  #watch(side: 'source' | 'sink', ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.destroy(this.#options.onStall(side)), ms);
  }
}

function ignore(): void {}
