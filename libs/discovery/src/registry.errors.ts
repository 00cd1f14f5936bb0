/** RegistryRefusal: a registry answered with another status than the one that was hoped for. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal';

  constructor(
    message: string,
    readonly status: number,
    /** How long it asked to be left alone; 0 unless it did. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}
