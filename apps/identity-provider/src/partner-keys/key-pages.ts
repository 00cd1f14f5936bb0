import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findPartner } from '../clients/partners.js';
import { assurance } from '../oidc/assurance.js';
import { atHome, freshSeconds, signInFirst, type AtHome } from '../pages/at-home.js';
import { html } from '../pages/html.js';
import { formOf, PageFault, sendPage, textsOf, type Fields, type PageServices } from '../pages/visit.js';
import type { KeyFault } from './key-order.js';
import { keyForm, orderIn } from './key-form.js';
import { keyList } from './key-list.js';
import { administeredBy, type AdministeredPartner } from './partner-admins.js';

/** Somebody at his browser, and the partners whose keys he manages. */
interface AtDesk extends AtHome {
  readonly partners: readonly AdministeredPartner[];
}
type Step = (desk: AtDesk, request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>;

const statuses: Partial<Readonly<Record<KeyFault, number>>> = { 'two live keys': 409 };

/**
 * Partners' keys, for the people who manage them; to others the pages are not there. Making one and ending one takes two factors, proved within ten minutes
 * (RFC 9470).
 */
export function keyRoutes(scope: FastifyInstance, services: PageServices): void {
  const { partnerKeys } = services;

  scope.get(
    '/account/keys',
    atDesk(services, (desk, request, reply) => showKeys(services, desk, request, reply)),
  );

  scope.get(
    '/account/keys/new',
    provenAtDesk(services, async (desk, request, reply) => {
      const { client } = request.query as Fields;
      const { scopes } = await partnerOf(services, desk, client);
      return sendPage(request, reply, keyForm(services, textsOf(request), desk.visit, { clientId: client!, scopes }));
    }),
  );

  scope.post(
    '/account/keys/new',
    provenAtDesk(services, async (desk, request, reply) => {
      const fields = formOf(request, desk.visit, services.formTokens);
      const order = orderIn(fields);
      const { scopes } = await partnerOf(services, desk, order.clientId);
      const made = await partnerKeys.create(order, desk.account.id);
      const texts = textsOf(request);
      if (typeof made === 'object') return showOnce(request, reply, made.key);
      const again = { problem: texts.keyFaults[made], fields };
      return sendPage(
        request,
        reply,
        keyForm(services, texts, desk.visit, { clientId: order.clientId, scopes, again }),
        statuses[made] ?? 422,
      );
    }),
  );

  scope.post(
    '/account/keys/revoke',
    provenAtDesk(services, async ({ visit, partners, account }, request, reply) => {
      const { id = '' } = formOf(request, visit, services.formTokens);
      const mine = partners.map(({ clientId }) => clientId);
      if (!(await partnerKeys.revoke(id, account.id, mine))) throw new PageFault(404, ({ expired }) => expired);
      return reply.header('cache-control', 'no-store').redirect('/account/keys', 303);
    }),
  );
}

function atDesk(services: PageServices, step: Step) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const home = await atHome(services, request, reply);
    if (!home) return comeBack(services, reply);
    const partners = await administeredBy(services.db, home.account.id);
    if (partners.length === 0) throw new PageFault(404, ({ expired }) => expired);
    return step({ ...home, partners }, request, reply);
  };
}

function provenAtDesk(services: PageServices, step: Step) {
  return atDesk(services, async (desk, request, reply) => {
    if (desk.acr === assurance.multi && desk.age <= freshSeconds) return step(desk, request, reply);
    if (!(await services.secondFactors.has(desk.account.id))) throw new PageFault(403, ({ keysNeedMore }) => keysNeedMore);
    return comeBack(services, reply, { max_age: String(freshSeconds), acr_values: assurance.multi });
  });
}

function comeBack(services: PageServices, reply: FastifyReply, more: Record<string, string> = {}): FastifyReply {
  return signInFirst(services, reply, { redirect_uri: `${services.issuer.name}/account/keys`, ...more });
}

/** Somebody else's partner is as little there as one that does not exist. */
async function partnerOf({ db }: PageServices, { partners }: AtDesk, clientId: string | undefined) {
  const partner = partners.some((mine) => mine.clientId === clientId) && (await findPartner(db, clientId!));
  if (!partner) throw new PageFault(404, ({ expired }) => expired);
  return partner;
}

async function showKeys(
  services: PageServices,
  { partners, visit }: AtDesk,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const texts = textsOf(request);
  const token = services.formTokens.of(visit);
  const lists = await Promise.all(
    partners.map(async (partner) => ({ ...partner, keys: await services.partnerKeys.list(partner.clientId) })),
  );
  const body = html`<p>${texts.keysIntro}</p>
    ${lists.map((list) => keyList(list, texts, token))}
    <p><a href="/account">${texts.account}</a></p>`;
  return sendPage(request, reply, { title: texts.keys, body });
}

function showOnce(request: FastifyRequest, reply: FastifyReply, key: string): FastifyReply {
  const texts = textsOf(request);
  const body = html`<p class="done" role="status">${texts.keyShownOnce}</p>
    <p><code>${key}</code></p>
    <p>${texts.keyUse}</p>
    <p><a href="/account/keys">${texts.keys}</a></p>`;
  return sendPage(request, reply, { title: texts.keyMade, body });
}
