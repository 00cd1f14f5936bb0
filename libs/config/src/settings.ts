import { z } from 'zod';

/** port: a TCP port; 0 lets the system choose. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** milliseconds: a whole, positive number of milliseconds. */
export const milliseconds = z.coerce.number().int().positive();

/** list: names separated by commas; absent means none. */
export const list = z
  .string()
  .optional()
  .transform((text) => (text ? text.split(',').map((part) => part.trim()) : []));

/** flag: `true` or `false`; absent means false. */
export const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((text) => text === 'true');

/** origin: how clients reach a process: scheme, host and port, and nothing behind them. */
export const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !URL.canParse(url) || `${new URL(url).origin}/` === new URL(url).href, 'must be an origin, such as https://api.example')
  .transform((url) => new URL(url).origin);

/** webOrigins: the origins, separated by commas, whose pages may read our answers in a browser. They are compared exactly, so none stands for several. */
export const webOrigins = list.refine(
  (origins) => origins.every((each) => /^[a-z][a-z0-9+.-]*:\/\/[^/*\s]+$/.test(each)),
  'must be origins, such as https://app.example',
);

/** secretKey: at least 32 random bytes in base64url. Make one with `openssl rand -base64 32 | tr '+/' '-_'`. */
export const secretKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43,}=?$/, 'must be at least 32 bytes in base64url')
  .transform((text) => Buffer.from(text, 'base64url'));

/** json: a value in JSON, read by a schema. Where it does not fit `message` says so, and nothing of the value, which may be a secret. */
export function json<Value>(schema: z.ZodType<Value>, message: string) {
  return z.string().transform((text, context): Value => {
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** Undefined is nothing that JSON could say. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** keyring: a JSON object from the name of who shares a key with this process to that key (32 bytes or more, base64url). */
export const keyring = json<Record<string, Uint8Array>>(
  z.record(z.string().min(1), secretKey),
  'must be a JSON object of names and keys of at least 32 bytes in base64url',
);

const alternatives = z.union([secretKey.transform((key) => [key]), z.array(secretKey).min(1).max(3)]);

/** sharedKeys: a JSON object from the name of who shares a key with this process to that key, or, while he changes it, to a list of up to three. */
export const sharedKeys = json<Record<string, readonly Uint8Array[]>>(
  z.record(z.string().min(1), alternatives),
  'must be a JSON object of names and keys, or lists of keys, of at least 32 bytes in base64url',
);

/**
 * placeSettings: where a process is and what it weighs, which it tells the registry (`REGISTRY`, `consul://agent:8500` or `eureka://host:8761/eureka`), if it
 * has one, together with the address at which others reach it.
 */
export const placeSettings = {
  REGISTRY: z
    .string()
    .regex(/^(consul|eureka):\/\/\S+$/, 'must begin with consul:// or eureka://')
    .optional(),
  ADVERTISED_ADDRESS: z
    .string()
    .regex(/^[^\s/,;@]+$/, 'must be a host or an address, without a port')
    .optional(),
  ZONE: z.string().max(100).optional(),
  WEIGHT: z.coerce.number().int().min(1).max(65_535).default(1),
  VERSION: z.string().max(100).optional(),
  /** Between leaving the registry and taking no more calls, for those who have not heard yet. */
  LEAVING_MS: z.coerce.number().int().min(0).max(5_000).default(500),
};

/**
 * tlsSettings: the certificate with which this process speaks to our own applications, its key, and the authorities whose certificates it takes, as PEM
 * files that are followed. All or none; needed as soon as an address is not loopback.
 */
export const tlsSettings = {
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TLS_CA_FILE: z.string().optional(),
};

/**
 * processSettings: what every application reads. An unset FACET_ENV means production; development endpoints, demo data and reflection exist only
 * where it says `development`.
 */
export const processSettings = {
  FACET_ENV: z.enum(['development', 'production']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SHUTDOWN_MS: milliseconds.max(10_000).default(8_000),
  ...placeSettings,
  ...tlsSettings,
};

/** brokerSettings: where events travel. Without brokers they travel through the `events` schema of the application's own database. */
export const brokerSettings = { KAFKA_BROKERS: list };
