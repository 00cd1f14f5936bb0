import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { exportOf } from '../account/export-account.js';
import { endSignedIn, signedInPlaces, type SignedIn } from '../account/sessions.js';
import { findAccountById, type Account } from '../accounts/accounts.js';
import { accountClient } from '../clients/first-party.js';
import { hashOf } from '../oidc/state-adapter.js';
import { html, type Html } from './html.js';
import { clientNames } from './interactions.js';
import type { Texts } from './texts.js';
import { formOf, hiddenToken, PageFault, sendPage, textsOf, type PageServices } from './visit.js';

/** Who is at this browser. `visit` names the session in our forms. */
interface AtHome {
  readonly account: Account;
  readonly visit: string;
  /** Under which hash this browser's own session is kept. */
  readonly here: string;
}

/** What people see and decide about their own account. */
export function accountRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.get('/account', async (request, reply) => {
    const home = await atHome(services, request, reply);
    return home ? showAccount(services, request, reply, home) : signInFirst(services, reply);
  });

  scope.post('/account/end', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    const { id = '' } = formOf(request, home.visit, services.formTokens);
    if (!(await endSignedIn(services.db, home.account.id, id))) throw new PageFault(404, ({ expired }) => expired);
    return reply.header('cache-control', 'no-store').redirect('/account', 303);
  });

  scope.post('/account/export', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    formOf(request, home.visit, services.formTokens);
    const headers = { 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="facet-account.json"' };
    return reply
      .headers(headers)
      .type('application/json')
      .send(JSON.stringify(await exportOf(services, home.account.id), null, 2));
  });
}

async function atHome({ issuer, db }: PageServices, request: FastifyRequest, reply: FastifyReply): Promise<AtHome | undefined> {
  issuer.prepare(request.raw);
  const { provider } = issuer;
  const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
  const account = session.accountId ? await findAccountById(db, session.accountId) : undefined;
  return account && { account, visit: session.uid, here: hashOf(session.jti) };
}

/** Signs in as at any application, and comes back with nothing but the session. */
function signInFirst({ issuer }: PageServices, reply: FastifyReply): FastifyReply {
  const query = new URLSearchParams({
    client_id: accountClient,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${issuer.name}/account`,
  });
  return reply.header('cache-control', 'no-store').redirect(`/auth?${query.toString()}`, 303);
}

async function showAccount(services: PageServices, request: FastifyRequest, reply: FastifyReply, home: AtHome): Promise<FastifyReply> {
  const texts = textsOf(request);
  const { account, visit, here } = home;
  const token = hiddenToken(services.formTokens.of(visit));
  const places = (await signedInPlaces(services.db, account.id)).filter(({ clientId }) => clientId !== accountClient);
  const names = await clientNames(
    services,
    places.map(({ clientId }) => clientId),
  );
  const body = html`<p>${texts.signedInAs(account.name, account.username)}</p>
    <h2>${texts.places}</h2>
    <ul>
      ${places.map((place) => placeOf(place, { texts, token, name: nameOf(place, here, names, texts) }))}
    </ul>
    <h2>${texts.yourData}</h2>
    <p>${texts.exportIntro}</p>
    <form method="post" action="/account/export">${token}<button class="quiet" type="submit">${texts.export}</button></form>
    <p><a href="/session/end">${texts.signOut}</a></p>`;
  return sendPage(request, reply, { title: texts.account, body });
}

function nameOf({ id, kind, clientId }: SignedIn, here: string, names: ReadonlyMap<string, string>, texts: Texts): string {
  if (kind === 'browser') return id === here ? texts.thisBrowser : texts.otherBrowser;
  return names.get(clientId ?? '') ?? clientId ?? '';
}

function placeOf({ id, since, lastUsed }: SignedIn, { texts, token, name }: { texts: Texts; token: Html; name: string }): Html {
  return html`<li>
    <strong>${name}</strong><br />${texts.sinceAndUsed(timeOf(since), timeOf(lastUsed))}
    <form method="post" action="/account/end">
      ${token}<input type="hidden" name="id" value="${id}" />
      <button class="quiet" type="submit" aria-label="${texts.endAt(name)}">${texts.end}</button>
    </form>
  </li>`;
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
