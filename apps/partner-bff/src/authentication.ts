import {
  admit,
  proveCertificate,
  readAccessToken,
  recallOrVerify,
  type AccessTokens,
  type AuthenticationStep,
  type ClientCertificates,
} from '@facet/auth';
import type { KeyUses } from './keys/key-uses.js';
import type { KnownKeys } from './keys/known-keys.js';
import { recallOrAskForKey, refuseCredentialInUrl } from './keys/steps.js';

interface Knowing {
  readonly tokens: AccessTokens;
  readonly certificates: ClientCertificates;
  readonly keys: KnownKeys;
  readonly uses: KeyUses;
}

/** How we find out who is calling, in this order. */
export const authentication = ({ tokens, certificates, keys, uses }: Knowing): readonly AuthenticationStep[] => [
  refuseCredentialInUrl,
  readAccessToken,
  recallOrAskForKey(keys, uses),
  recallOrVerify(tokens),
  proveCertificate(certificates),
  admit,
];
