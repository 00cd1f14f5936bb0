import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findAccountById } from '../accounts/accounts.js';
import { isFirstParty } from '../clients/first-party.js';
import { html } from './html.js';
import { finish, interactionOf, leadsTo, type Visited } from './interactions.js';
import { formOf, hiddenToken, PageFault, sendPage, textsOf, type PageServices } from './visit.js';

/** What a consent prompt of oidc-provider lacks. */
interface Missing {
  readonly missingOIDCScope?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

export function consentRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.post('/interaction/:uid/consent', async (request, reply) => {
    const visited = await interactionOf(services, request, reply);
    const { interaction } = visited;
    const { decision } = formOf(request, interaction.uid, services.formTokens);
    if (interaction.prompt.name !== 'consent') throw new PageFault(400, ({ expired }) => expired);
    const about = { accountId: interaction.session?.accountId, clientId: visited.client.clientId };
    await services.audit.record(services.db, { event: 'consent', outcome: decision === 'allow' ? 'ok' : 'refused', ...about });
    if (decision !== 'allow') {
      return finish(services, request, reply, { error: 'access_denied', error_description: 'The person did not allow it' });
    }
    return finish(services, request, reply, { consent: { grantId: await allow(services, visited) } });
  });
}

export async function showConsent(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  visited: Visited,
): Promise<FastifyReply> {
  const { interaction, client, clientName } = visited;
  const texts = textsOf(request);
  const account = await findAccountById(services.db, interaction.session?.accountId ?? '');
  const known = [...new Set(asked(visited))].filter((each) => Object.hasOwn(texts.scopes, each));
  const own = isFirstParty(client.clientId);
  const body = html`<p>${own ? texts.signInTo(clientName) : texts.consentIntro(clientName, account?.name ?? '')}</p>
    ${
      !own &&
      html`<ul>
        ${known.map((each) => html`<li>${texts.scopes[each]}</li>`)}
      </ul>`
    }
    <form method="post" action="/interaction/${interaction.uid}/consent">
      ${hiddenToken(services.formTokens.of(interaction.uid))}
      <button type="submit" name="decision" value="allow">${own ? texts.continue : texts.allow}</button>
      <button class="quiet" type="submit" name="decision" value="deny">${own ? texts.cancel : texts.deny}</button>
    </form>`;
  return sendPage(request, reply, { title: own ? texts.continue : texts.consentTitle(clientName), body, leadsTo: leadsTo(visited) });
}

async function allow({ issuer }: PageServices, { interaction, client }: Visited): Promise<string> {
  const { provider } = issuer;
  const { grantId, session, prompt } = interaction;
  const { missingOIDCScope, missingResourceScopes } = prompt.details as Missing;
  const known = grantId ? await provider.Grant.find(grantId) : undefined;
  const grant = known ?? new provider.Grant({ accountId: session?.accountId ?? '', clientId: client.clientId });
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '));
  return grant.save();
}

function asked({ interaction }: Visited): string[] {
  return String(interaction.params.scope ?? '').split(' ');
}
