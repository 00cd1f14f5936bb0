/** EmbeddedOptions: where the data lives. `temporary` data are gone after `stop`. */
export type EmbeddedOptions = ({ readonly folder: string } | { readonly temporary: true }) & {
  /** On loopback; 0 lets the system choose. */
  readonly port: number;
};

/** EmbeddedPostgres: placeholder. */
export class EmbeddedPostgres {
  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(_options: EmbeddedOptions): Promise<EmbeddedPostgres> {
    throw new Error('not yet');
  }

  async stop(): Promise<void> {
    await this.end();
  }
}
