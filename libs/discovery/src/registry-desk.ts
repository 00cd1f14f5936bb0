/** Self: what an instance tells a registry of itself. */
export interface Self {
  /** Of the service: `rooms-service`. */
  readonly name: string;
  /** Where others reach it; a host without a port. */
  readonly address: string;
  readonly port: number;
  readonly zone?: string | undefined;
  /** Its share of the calls; a whole number, 1 unless told. */
  readonly weight?: number | undefined;
  readonly version?: string | undefined;
}

/** RegistryDesk: how one kind of registry enters and strikes out an instance. */
export interface RegistryDesk {
  /** Milliseconds between two renewals. */
  readonly everyMs: number;
  enter(signal: AbortSignal): Promise<void>;
  /** False where the registry does not know the instance any more. */
  renew(signal: AbortSignal): Promise<boolean>;
  /** Resolves as well where the instance was not known. */
  leave(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** metadataOf: what of an instance has no place of its own in a registry. */
export function metadataOf({ zone, weight, version }: Self): Record<string, string> {
  return {
    ...(zone !== undefined && { zone }),
    ...(weight !== undefined && { weight: String(weight) }),
    ...(version !== undefined && { version }),
  };
}
