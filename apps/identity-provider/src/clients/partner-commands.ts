import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { PartnerChange, PartnerOrder } from './partner-order.js';
import type { PartnerRegistry } from './partner-registry.js';

interface Tools {
  readonly partners: PartnerRegistry;
}
type Command = (db: unknown, tools: Tools, options: readonly string[]) => Promise<string>;

const usages = {
  'create-partner': `create-partner --client id --name text (--secret | --jwks file) [options]
  Registers a partner's application, with a bot that it acts as.
  --client id          what it calls itself: small letters, digits, hyphens
  --name text          what people read who are asked to let it act for them, and who see its bot
  --secret             it gets a secret, which is printed once
  --jwks file          it proves itself by private_key_jwt; the file is a JWK Set of its public keys, several while it changes them
  --bot username       of its bot; <client>-bot unless told
  --role role          of its bot: guest, user (unless told), moderator, admin
  --scopes "a b"       the most that its tokens allow; all that the role does unless told
  --redirect-uri url   where people come back to who let it act for them; again for each. Without, it acts as its bot alone
  --certificate-bound  its tokens are good only with the certificate that it shows by TLS (RFC 8705)
  --pushed-requests    it must push its authorization requests (RFC 9126)`,
  'change-partner': `change-partner --client id [options]
  Changes what is named and leaves the rest. Counts for the next request; tokens of before live ten minutes at most.
  --secret, --jwks file                     a new secret, which is printed once, or other keys; what it had before is good no more
  --scopes "a b", --no-scopes               the most that its tokens allow; all that the role of its bot does
  --redirect-uri url, --no-redirect-uri     all of them anew; none
  --[no-]certificate-bound, --[no-]pushed-requests`,
  'list-partners': `list-partners
  Prints the partners' applications as JSON lines.`,
} as const;

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const said = { jwks: text, secret: yes, scopes: text, 'redirect-uri': { type: 'string', multiple: true } } as const;
const bound = { 'certificate-bound': yes, 'pushed-requests': yes, client: text, help: yes } as const;

/** Partners' applications, for operators. */
export const partnerCommands: Readonly<Record<string, Command>> = {
  'create-partner': async (_db, { partners }, args) => {
    const { values } = parseArgs({ args: [...args], options: { ...said, ...bound, name: text, bot: text, role: text } });
    if (values.help) return usages['create-partner'];
    if ((values.jwks === undefined) !== (values.secret === true)) throw new Error('--secret or --jwks: one of them, and only one.');
    const { client = '', name = '', bot = `${client}-bot`, role = 'user' } = values;
    const order = check(PartnerOrder, { ...(await orderOf(values)), clientId: client, name, botName: bot, role });
    return told(order.clientId, 'is registered', await partners.create(order));
  },
  'change-partner': async (_db, { partners }, args) => {
    const none = { 'no-scopes': yes, 'no-redirect-uri': yes, 'no-certificate-bound': yes, 'no-pushed-requests': yes } as const;
    const { values } = parseArgs({ args: [...args], options: { ...said, ...bound, ...none } });
    if (values.help) return usages['change-partner'];
    const change = check(PartnerChange, {
      ...(await orderOf(values)),
      ...(values.secret && { jwks: null }),
      ...(values['no-scopes'] && { scopes: null }),
      ...(values['no-redirect-uri'] && { redirectUris: [] }),
      ...(values['no-certificate-bound'] && { certificateBound: false }),
      ...(values['no-pushed-requests'] && { pushedRequests: false }),
    });
    if (Object.keys(change).length === 0) throw new Error(usages['change-partner']);
    return told(values.client ?? '', 'is changed', await partners.change(values.client ?? '', change));
  },
  'list-partners': async (_db, { partners }, args) => {
    const { values } = parseArgs({ args: [...args], options: { help: yes } });
    if (values.help) return usages['list-partners'];
    return (await partners.list()).map((partner) => JSON.stringify(partner)).join('\n');
  },
};

interface Values {
  readonly jwks?: string | undefined;
  readonly scopes?: string | undefined;
  readonly 'redirect-uri'?: string[] | undefined;
  readonly 'certificate-bound'?: boolean | undefined;
  readonly 'pushed-requests'?: boolean | undefined;
}

/** What the options say, where they say it. A secret is never among them: whoever lists processes would read it. */
async function orderOf(values: Values) {
  return {
    ...(values.jwks !== undefined && { jwks: await keysIn(values.jwks) }),
    ...(values.scopes !== undefined && { scopes: values.scopes.split(/[ ,]+/).filter(Boolean) }),
    ...(values['redirect-uri'] && { redirectUris: values['redirect-uri'] }),
    ...(values['certificate-bound'] && { certificateBound: true }),
    ...(values['pushed-requests'] && { pushedRequests: true }),
  };
}

async function keysIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`--jwks: ${file} cannot be read: ${(error as Error).message}`);
  }
}

const optionOf: Readonly<Record<string, string>> = { clientId: 'client', botName: 'bot' };

function check<Schema extends z.ZodType>(schema: Schema, order: unknown): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(order);
  if (success) return data;
  const problems = error.issues.map(({ path: [first = '', ...rest], message }) => {
    const option = String(first);
    return `--${optionOf[option] ?? option} ${[...rest, message].join(': ')}.`;
  });
  throw new Error(problems.join('\n'));
}

function told(clientId: string, what: string, { secret }: { readonly secret: string | undefined }): string {
  return secret ? `${clientId} ${what}. Its secret, which is shown this once: ${secret}` : `${clientId} ${what}.`;
}
