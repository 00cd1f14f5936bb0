import {
  admit,
  proveCertificate,
  readAccessToken,
  recallOrVerify,
  type AccessTokens,
  type AuthenticationStep,
  type ClientCertificates,
} from '@facet/auth';

/** How we find out who is calling, in this order. */
export const authentication = (tokens: AccessTokens, certificates: ClientCertificates): readonly AuthenticationStep[] => [
  readAccessToken,
  recallOrVerify(tokens),
  proveCertificate(certificates),
  admit,
];
