import { Readable } from 'node:stream';
import type { Logger } from '@facet/observability';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { faultSwitchOf } from './fault-switch.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The method that a route serves, named as in its proto. */
    rpc?: string;
  }
}

/**
 * installHttpFaults: what is the matter on purpose with an HTTP service, in development: its methods by name; its plain routes where all of it suffers. Health
 * does not. In production nothing is installed.
 */
export function installHttpFaults(
  instance: FastifyInstance,
  app: { readonly name: string; readonly development: boolean; readonly logger: Logger },
): void {
  const inForce = faultSwitchOf(app);
  if (!inForce) return;
  const { faults, close } = inForce;
  instance.addHook('onClose', async () => close());
  instance.addHook('preHandler', async (request) => {
    if (!isHealth(request)) await faults.endure(methodOf(request), request.call.ending);
  });
  instance.addHook('onSend', async (request, reply, payload) => {
    if (isHealth(request) || !faults.garbles(methodOf(request))) return payload;
    if (payload instanceof Readable) payload.destroy();
    reply.removeHeader('content-length');
    return '{"garbage';
  });
}

function isHealth({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.open === true;
}

function methodOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.config.rpc ?? '';
}
