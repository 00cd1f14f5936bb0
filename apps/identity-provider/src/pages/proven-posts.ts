import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { atHome, signInFirst, type AtHome } from './at-home.js';
import { isProven, proveFirst } from './proven.js';
import { formOf, type Fields, type PageServices } from './visit.js';

export type ProvenStep = (
  home: AtHome,
  fields: Fields,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply | Promise<FastifyReply>;

/** For forms of the account page that change how somebody proves who he is: by who proved just now all that he can prove. */
export function provenPosts(scope: FastifyInstance, services: PageServices): (path: string, step: ProvenStep) => void {
  return (path, step) =>
    void scope.post(`/account/${path}`, async (request, reply) => {
      const home = await atHome(services, request, reply);
      if (!home) return signInFirst(services, reply);
      const fields = formOf(request, home.visit, services.formTokens);
      if (!(await isProven(services, home))) return proveFirst(services, reply, home);
      return step(home, fields, request, reply);
    });
}
