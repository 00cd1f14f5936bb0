import type { INestApplicationContext } from '@nestjs/common';
import { Revocations, type InternalTokenVerifier } from '@facet/auth';

/** revocationsOf: what an application knows of who was revoked; nothing where it has no RevocationsModule. */
export function revocationsOf(app: INestApplicationContext): Revocations | undefined {
  try {
    return app.get(Revocations, { strict: false });
  } catch {
    return undefined;
  }
}

/** From now on the verifier refuses who was revoked, as far as the application knows. */
export function heedRevocations(app: INestApplicationContext, verifier: InternalTokenVerifier): void {
  const revocations = revocationsOf(app);
  if (revocations) verifier.heed(revocations);
}
