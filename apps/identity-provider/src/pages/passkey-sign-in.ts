import type { FastifyInstance } from 'fastify';
import { assurance } from '../oidc/assurance.js';
import { provePasskey } from '../sign-in/prove-passkey.js';
import { finishLogin, interactionOf } from './interactions.js';
import { showSecondFactor, showSignIn } from './sign-in-pages.js';
import { formOf, PageFault, textsOf, type PageServices } from './visit.js';

/** Signing in with a passkey: instead of a password, or after it. */
export function passkeySignInRoutes(scope: FastifyInstance, services: PageServices): void {
  const { passkeys, challenges } = services;

  scope.post('/interaction/:uid/passkey/question', async (request, reply) => {
    const { interaction } = await interactionOf(services, request, reply);
    formOf(request, interaction.uid, services.formTokens);
    return reply.header('cache-control', 'no-store').send(await passkeys.question(interaction.uid, null));
  });

  // Asking for a passkey is a try of the second step.
  scope.post('/interaction/:uid/second-factor/passkey/question', async (request, reply) => {
    const { interaction } = await interactionOf(services, request, reply);
    formOf(request, interaction.uid, services.formTokens);
    const waiting = await challenges.waitingFor(interaction.uid, 'second-factor');
    if (!waiting) throw new PageFault(410, ({ codeOver }) => codeOver);
    return reply.header('cache-control', 'no-store').send(await passkeys.question(interaction.uid, waiting.accountId));
  });

  for (const [path, show] of [
    ['passkey', showSignIn],
    ['second-factor/passkey', showSecondFactor],
  ] as const) {
    scope.post(`/interaction/:uid/${path}`, async (request, reply) => {
      const visited = await interactionOf(services, request, reply);
      const { answer = '' } = formOf(request, visited.interaction.uid, services.formTokens);
      const texts = textsOf(request);
      const outcome = await provePasskey(services, { visit: visited.interaction.uid, answer, address: request.ip });
      if (outcome === 'refused') return show(services, request, reply, visited, { problem: texts.passkeyFailed, status: 401, login: '' });
      if ('waitSeconds' in outcome) {
        reply.header('retry-after', outcome.waitSeconds);
        const problem = texts.waitSeconds(outcome.waitSeconds);
        return show(services, request, reply, visited, { problem, status: 429, login: '' });
      }
      return finishLogin(services, request, reply, { ...outcome, acr: assurance.multi });
    });
  }
}
