import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors, type Client, type InteractionResults } from 'oidc-provider';
import type { Proven } from '../sign-in/sign-in.js';
import type { PageServices } from './visit.js';

/** The sign-in that a client asked for and this browser is at. Throws SessionNotFound where there is none. */
export async function interactionOf({ issuer }: PageServices, request: FastifyRequest, reply: FastifyReply) {
  issuer.prepare(request.raw);
  const interaction = await issuer.provider.interactionDetails(request.raw, reply.raw);
  const { uid } = request.params as { uid: string };
  if (interaction.uid !== uid) throw new errors.SessionNotFound('another interaction');
  const client = await issuer.provider.Client.find(String(interaction.params.client_id));
  if (!client) throw new errors.SessionNotFound('the client is gone');
  return { interaction, client, clientName: nameOf(client) };
}

export type Visited = Awaited<ReturnType<typeof interactionOf>>;

const ourNames: Readonly<Record<string, string>> = { 'web-app': 'Facet', 'mobile-app': 'Facet (phone)', account: 'Facet' };

function nameOf({ clientId, clientName }: Client): string {
  return clientName ?? ourNames[clientId] ?? clientId;
}

/** What people call these clients. */
export async function clientNames({ issuer }: PageServices, clientIds: readonly (string | null)[]): Promise<Map<string, string>> {
  const ids = [...new Set(clientIds.filter((id) => id !== null))];
  const clients = await Promise.all(ids.map((id) => issuer.provider.Client.find(id)));
  return new Map(clients.filter((client) => client !== undefined).map((client) => [client.clientId, nameOf(client)]));
}

/** Goes back to the library with what came of it. */
export async function finish(
  { issuer }: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  result: InteractionResults,
): Promise<FastifyReply> {
  const merge = { mergeWithLastSubmission: !('login' in result) };
  const next = await issuer.provider.interactionResult(request.raw, reply.raw, result, merge);
  return reply.header('cache-control', 'no-store').redirect(next, 303);
}

export interface Login extends Proven {
  readonly acr: string;
  readonly amr: string[];
}

/** Goes back as somebody, who proved it then: whether it still counts is looked at when the library goes on. */
export function finishLogin(
  services: PageServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { accountId, acr, amr, provenAt }: Login,
): Promise<FastifyReply> {
  return finish(services, request, reply, { login: { accountId, acr, amr, ts: provenAt.getTime() / 1_000 } });
}

/** Where the forms of an interaction may lead in the end. */
export function leadsTo({ interaction }: Visited): string[] {
  return [String(interaction.params.redirect_uri)];
}
