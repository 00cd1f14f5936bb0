import type { Attack } from './attack.js';

const src = 'apps/identity-provider/src';
const tests = 'apps/identity-provider/test';

/** On the issuer and who signs in at it. */
export const onSignIn: readonly Attack[] = [
  {
    attack: 'Finding out who has an account, by text, status or time of a refusal',
    defence: 'The same words after the same work, whether the account exists or not',
    without: [
      {
        file: `${src}/sign-in/passwords.ts`,
        replace: 'const right = await this.#argon2id.verify(',
        by: 'if (!known) return undefined;\n    const right = await this.#argon2id.verify(',
      },
    ],
    test: {
      file: `${tests}/pages.in.spec.ts`,
      name: 'refuses who does not exist in the same words, with the same status and after the same work as a wrong password',
    },
  },
  {
    attack: 'Guessing a password',
    defence: 'A wait that grows, by name and by address, counted before the outcome is known',
    without: [
      { file: `${src}/sign-in/attempts.ts`, replace: 'power(2, greatest(0, least(30, a.failures + 1 - ${free}::int))) - 1', by: '0' },
    ],
    test: { file: `${tests}/pages.in.spec.ts`, name: 'makes who guesses the password of %s wait, longer each time, and nobody else' },
  },
  {
    attack: 'A TOTP code that is used again',
    defence: 'A step that was used, and each before it, is refused by one row update',
    without: [{ file: `${src}/sign-in/second-factors.ts`, replace: "      .where('last_step', '<', step)\n", by: '' }],
    test: { file: `${tests}/second-factor.in.spec.ts`, name: 'gives no code that is good twice, not even at the same moment' },
  },
  {
    attack: 'Guessing a TOTP code',
    defence: 'Five tries in a visit, and a wait that grows over all visits',
    without: [
      { file: `${src}/mail/challenges.ts`, replace: 'const mostTries = 5;', by: 'const mostTries = 500;' },
      { file: `${src}/sign-in/attempts.ts`, replace: 'power(2, greatest(0, least(30, a.failures + 1 - ${free}::int))) - 1', by: '0' },
    ],
    test: {
      file: `${tests}/second-factor.in.spec.ts`,
      name: 'cannot be guessed: five tries in a visit, and over all visits a wait that grows',
    },
  },
  {
    attack: 'A refresh token that was stolen and is used again',
    defence: 'Rotation for public clients; a used one ends all that came of its grant',
    without: [
      {
        file: `${src}/oidc/configuration.ts`,
        replace: "rotateRefreshToken: ({ oidc }) => oidc.client?.clientAuthMethod === 'none'",
        by: 'rotateRefreshToken: () => false',
      },
    ],
    test: { file: `${tests}/code.in.spec.ts`, name: 'ends the whole family when a used refresh token %s' },
  },
  {
    attack: 'One refresh token, used by two replicas at the same moment',
    defence: 'Consumed by one row update',
    without: [{ file: `${src}/oidc/state-adapter.ts`, replace: "      .where('consumed_at', 'is', null)\n", by: '' }],
    test: { file: `${tests}/state.in.spec.ts`, name: 'is consumed once, by one of twenty that try at once' },
  },
  {
    attack: 'A client assertion or proof that is shown again to another replica',
    defence: 'Replays are rows that are inserted or refused',
    without: [
      {
        file: `${src}/oidc/state-adapter.ts`,
        replace: "return this.model === 'ReplayDetection' ? replaced.where('oidc_state.expires_at', '<=', sql<Date>`now()`) : replaced;",
        by: 'return replaced;',
      },
    ],
    test: { file: `${tests}/state.in.spec.ts`, name: 'is seen by all but one of twenty that come at once' },
  },
  {
    attack: 'A form of the issuer’s pages, sent by another site',
    defence: 'A token that fits this visit alone',
    without: [
      {
        file: `${src}/pages/form-tokens.ts`,
        replace: 'expected.length === given.length && timingSafeEqual(expected, given)',
        by: 'expected.length + given.length > 0',
      },
    ],
    test: { file: `${tests}/pages.in.spec.ts`, name: 'without the token of this visit' },
  },
];
