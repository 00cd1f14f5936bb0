import { z } from 'zod';

const base64url = z
  .string()
  .max(32_768)
  .regex(/^[\w-]+$/);
const transports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
const credential = { id: base64url.max(1_400), rawId: base64url, type: z.literal('public-key'), clientExtensionResults: z.object({}) };

/** What a browser made of a question, as far as we read it (WebAuthn Level 3, §5.1.8). */
export const Attestation = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.enum(transports)).max(transports.length).catch([]),
  }),
});

export const Assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((handle) => handle ?? undefined),
  }),
});

/** What it says, where it is one at all. */
export function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
