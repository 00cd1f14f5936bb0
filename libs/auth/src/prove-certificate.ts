import type { AuthenticationStep } from './authentication-step.js';
import { refusedCredential } from './challenge.js';
import { thumbprintOf, type ClientCertificates } from './client-certificates.js';

/**
 * proveCertificate: the step for tokens that are bound to a certificate (`cnf` with `x5t#S256`, RFC 8705, section 3): the client shows that it has the key
 * of that very certificate, or is refused. Other tokens it lets be.
 */
export function proveCertificate(certificates: ClientCertificates): AuthenticationStep {
  return {
    name: 'prove the certificate',
    run(attempt) {
      const bound = attempt.verified?.confirmation?.['x5t#S256'];
      if (bound === undefined) return;
      const certificate = certificates.of(attempt.request);
      if (!certificate || thumbprintOf(certificate) !== bound) {
        throw refusedCredential(
          new Error(`The token is bound to a certificate, and the client showed ${certificate ? 'another' : 'none'}`),
        );
      }
      attempt.proven = [...(attempt.proven ?? []), 'x5t#S256'];
    },
  };
}
