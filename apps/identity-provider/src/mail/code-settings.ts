import { readFileSync } from 'node:fs';
import { json } from '@facet/config';
import { z } from 'zod';
import type { Db } from '../store/tables.js';
import { CodeLimits } from './code-limits.js';
import { CodeRules } from './code-rules.js';
import { parseAddressTable, parseCountryRule, type AddressRange } from './countries.js';
import type { GatewaySettings, Template } from './sms-gateway.js';

const Fields: z.ZodType<Template> = z.record(z.string(), z.union([z.string(), z.lazy(() => Fields)]));
const perHour = (usual: number) => z.coerce.number().int().min(1).max(3_600).default(usual);
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const countryRule = z.string().transform((text, context) => {
  const rule = parseCountryRule(text);
  if (!rule) context.addIssue({ code: 'custom', message: 'must be like allow:DE,AT or deny:KP,ZZ' });
  return rule;
});

/** How text messages leave, and who may ask for codes. */
export const codeSettings = {
  /** The gateway's address. Without it text messages wait at /dev/mailbox in development, and elsewhere accounts have no phones. */
  SMS_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.startsWith('https:') || loopback.test(new URL(url).hostname), 'must be https where it is not on this machine')
    .optional(),
  SMS_METHOD: z.enum(['POST', 'PUT']).default('POST'),
  SMS_FORMAT: z.enum(['json', 'form']).default('json'),
  /** What it takes, with `{to}`, `{text}`, `{from}` and `{id}` in its values. */
  SMS_BODY: json(Fields, 'must be a JSON object of texts').default({ to: '{to}', from: '{from}', text: '{text}' }),
  SMS_TOKEN: z.string().optional(),
  SMS_FROM: z.string().max(20).default('Facet'),
  /** Codes an hour: to one e-mail address or phone, to one account, asked for from one IP address. */
  CODES_PER_RECIPIENT: perHour(5),
  CODES_PER_ACCOUNT: perHour(10),
  CODES_PER_IP: perHour(60),
  /** Which countries get codes: by the prefix of a phone number, and by where a request comes from. */
  PHONE_COUNTRIES: countryRule.optional(),
  ADDRESS_COUNTRIES: countryRule.optional(),
  /** Which addresses are where: `203.0.113.0/24 DE; …`, or a file with one range a line. */
  ADDRESS_TABLE: z.string().default('').transform(rangesIn),
  ADDRESS_TABLE_FILE: z
    .string()
    .optional()
    .transform((path, context) => {
      try {
        return path === undefined ? [] : rangesIn(readFileSync(path, 'utf8'), context);
      } catch {
        context.addIssue({ code: 'custom', message: 'cannot be read' });
        return z.NEVER;
      }
    }),
};

/** For `refine`: a rule for addresses is of no use where nobody knows which are where. */
export const addressesKnown: [
  (settings: Pick<Settings, `ADDRESS_${string}` & keyof Settings>) => boolean,
  { path: string[]; error: string },
] = [
  ({ ADDRESS_COUNTRIES, ADDRESS_TABLE, ADDRESS_TABLE_FILE }) => !ADDRESS_COUNTRIES || ADDRESS_TABLE.length + ADDRESS_TABLE_FILE.length > 0,
  { path: ['ADDRESS_COUNTRIES'], error: 'needs ADDRESS_TABLE or ADDRESS_TABLE_FILE' },
];

/** For `refine`: forms have no fields within fields. */
export const formIsFlat: [(settings: Pick<Settings, 'SMS_FORMAT' | 'SMS_BODY'>) => boolean, { path: string[]; error: string }] = [
  ({ SMS_FORMAT, SMS_BODY }) => SMS_FORMAT === 'json' || Object.values(SMS_BODY).every((value) => typeof value === 'string'),
  { path: ['SMS_BODY'], error: 'must hold nothing but texts where SMS_FORMAT is form' },
];

type Settings = z.infer<z.ZodObject<typeof codeSettings>>;
export type CodeConfig = Omit<Settings, `SMS_${string}`> & { readonly ROOT_KEY: Uint8Array };
export type SmsConfig = Pick<Settings, Extract<keyof Settings, `SMS_${string}`>>;

export function codeRulesOf(db: Db, config: CodeConfig): CodeRules {
  const { CODES_PER_RECIPIENT: to, CODES_PER_ACCOUNT: account, CODES_PER_IP: from } = config;
  return new CodeRules(new CodeLimits(db, config.ROOT_KEY, { to, account, from }), {
    phones: config.PHONE_COUNTRIES,
    addresses: config.ADDRESS_COUNTRIES,
    table: [...config.ADDRESS_TABLE, ...config.ADDRESS_TABLE_FILE],
  });
}

export function gatewayOf({ SMS_URL, SMS_METHOD, SMS_FORMAT, SMS_BODY, SMS_FROM, SMS_TOKEN }: SmsConfig): GatewaySettings | undefined {
  if (SMS_URL === undefined) return undefined;
  return { url: SMS_URL, method: SMS_METHOD, format: SMS_FORMAT, body: SMS_BODY, from: SMS_FROM, token: SMS_TOKEN };
}

function rangesIn(text: string, context: z.RefinementCtx): readonly AddressRange[] {
  const ranges = parseAddressTable(text);
  if (ranges) return ranges;
  context.addIssue({ code: 'custom', message: 'must be ranges with their country, such as 203.0.113.0/24 DE' });
  return z.NEVER;
}
