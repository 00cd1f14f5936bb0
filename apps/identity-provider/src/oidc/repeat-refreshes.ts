import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { isAlreadyConsumed } from './state-adapter.js';
import { repeatSeconds, type RefreshRepeats } from './refresh-repeats.js';

interface Used {
  readonly kind?: string;
  readonly consumed?: unknown;
}

const repeated = new WeakMap<object, object>();
const raced = new WeakSet<object>();

/**
 * Gives a refresh that is repeated within ten seconds the answer of the first. Without one, the use of a used token ends all that came of its grant: the
 * library sees to that where the token was used before, we where it is used by two different requests at the same moment.
 */
export function repeatRefreshes(provider: Provider, repeats: RefreshRepeats, report: (error: unknown) => void): void {
  provider.on('grant.error', (context, error) => {
    if (isAlreadyConsumed(error)) raced.add(context);
  });
  provider.use(async (context, next) => {
    await next();
    const { oidc } = context as KoaContextWithOIDC;
    if (oidc?.route !== 'token' || oidc.params?.grant_type !== 'refresh_token') return;
    const rotated = (oidc.entities as Record<string, unknown>).RotatedRefreshToken;
    if (context.status === 200 && rotated) return void (await repeats.keep(oidc.params, context.body as object).catch(report));
    const answer = repeated.get(context) ?? (raced.has(context) ? await answerOfRace(oidc, repeats) : undefined);
    if (answer) Object.assign(context, { status: 200, body: answer });
  });
}

async function answerOfRace({ params, entities }: KoaContextWithOIDC['oidc'], repeats: RefreshRepeats): Promise<object | undefined> {
  const kept = await repeats.find(params ?? {});
  if (!kept || kept.same) return kept?.answer;
  await entities.Grant?.destroy();
  return undefined;
}

/** To be called with the token that was used, once the request is known to come from its holder and before the library looks whether it was used before. */
export async function answerAsBefore(context: KoaContextWithOIDC, token: Used, repeats: RefreshRepeats): Promise<void> {
  if (token.kind !== 'RefreshToken' || typeof token.consumed !== 'number') return;
  if (Date.now() / 1_000 - token.consumed > repeatSeconds + 1) return;
  const kept = await repeats.find(context.oidc.params ?? {});
  if (!kept?.same) return;
  repeated.set(context, kept.answer);
  throw new errors.InvalidGrant('refresh token already used');
}
