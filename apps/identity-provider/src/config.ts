import {
  brokerSettings,
  keyring,
  loadConfig,
  partnerTlsSettings,
  partnerTlsWhole,
  port,
  processSettings,
  proxySettings,
  secretKey,
  sharedKeys,
  type Environment,
} from '@facet/config';
import { z } from 'zod';
import { FirstPartyClients } from './clients/first-party.js';
import { addressesKnown, codeSettings, formIsFlat } from './mail/code-settings.js';

const Settings = z
  .object({
    ...processSettings,
    ...brokerSettings,
    ...proxySettings,
    ...partnerTlsSettings,
    PORT: port.default(4000),
    MANAGEMENT_PORT: port.optional(),
    /** Where partner-bff reaches it by mutual TLS, where TLS_CERT_FILE is set. */
    INTERNAL_PORT: port.optional(),
    DATABASE_URL: z.url(),
    /** The name of this issuer in every token: the address by which clients and BFFs reach it, without a slash at the end. */
    ISSUER_URL: z
      .url({ protocol: /^https?$/ })
      .regex(/[^/]$/, 'must not end with a slash')
      .default('http://localhost:4000'),
    /** Where partners with a certificate reach it. At the issuer's host and PARTNER_TLS_PORT unless told, as one must where a proxy ends TLS. */
    PARTNER_TLS_URL: z
      .url({ protocol: /^https$/ })
      .regex(/[^/]$/, 'must not end with a slash')
      .optional(),
    /** From version to key: `{"1":"…"}`. The highest version seals, the others still open what they sealed. */
    ENCRYPTION_KEYS: keyring.refine(
      (keys) => Object.keys(keys).length > 0 && Object.keys(keys).every((version) => /^[1-9]\d{0,5}$/.test(version)),
      'must name its keys by version: 1, 2, …',
    ),
    /** What cookies, nonces and lookups are made with. */
    ROOT_KEY: secretKey,
    /** The keys that it shares with partner-bff, which asks about keys of partners. Without them nobody is answered. */
    INTERNAL_KEYS: sharedKeys.default({}),
    /** Our own applications: where they are sent back to, and how they prove who they are. */
    CLIENTS: z
      .string()
      .default('{}')
      .transform((text, context): unknown => {
        try {
          return JSON.parse(text);
        } catch {
          context.addIssue({ code: 'custom', message: 'must be JSON' });
          return z.NEVER;
        }
      })
      .pipe(FirstPartyClients),
    /** `smtps://user:password@host`. Without it nothing can be mailed: in development letters wait at /dev/mailbox, elsewhere what needs them is absent. */
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.string().default('Facet <no-reply@localhost>'),
    ...codeSettings,
    ARGON2_MEMORY_KIB: z.coerce.number().int().min(8_192).default(19_456),
    ARGON2_ITERATIONS: z.coerce.number().int().min(1).default(2),
    ARGON2_PARALLELISM: z.coerce.number().int().min(1).max(16).default(1),
    SIGNING_KEY_DAYS: z.coerce.number().int().positive().default(90),
  })
  .refine(...partnerTlsWhole)
  .refine(...addressesKnown)
  .refine(...formIsFlat)
  .transform((settings) => ({ ...settings, MANAGEMENT_PORT: settings.MANAGEMENT_PORT ?? settings.PORT + 100 }));

export type Config = z.infer<typeof Settings>;

export const readConfig = (environment?: Environment): Config => loadConfig(Settings, environment);
