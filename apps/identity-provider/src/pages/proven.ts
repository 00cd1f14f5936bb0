import type { FastifyReply } from 'fastify';
import { assurance } from '../oidc/assurance.js';
import { freshSeconds, signInFirst, type AtHome } from './at-home.js';
import type { PageServices } from './visit.js';

/** Whether he proved within ten minutes all that he can prove: both factors where there are two. What changes them asks for it. */
export async function isProven({ secondFactors }: PageServices, { account, acr, age }: AtHome): Promise<boolean> {
  return age <= freshSeconds && (acr === assurance.multi || !(await secondFactors.has(account.id)));
}

/** Sends him to prove it. */
export async function proveFirst(services: PageServices, reply: FastifyReply, { account }: AtHome): Promise<FastifyReply> {
  const both = await services.secondFactors.has(account.id);
  return signInFirst(services, reply, { max_age: String(freshSeconds), ...(both && { acr_values: assurance.multi }) });
}
