import { InternalTokenVerifier, type ClaimPolicies } from '@facet/auth';
import { internalPeer } from '@facet/edge';
import { ProblemError } from '@facet/errors';
import type { TlsSettings } from '@facet/service-kit/tls';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Only partner-bff is answered, and only as itself: on behalf of others it has nothing to ask here. */
export const onlyPartnerBff: ClaimPolicies = {
  'partner-bff': ({ kind, subject }) => kind === 'service' && subject === 'partner-bff',
};

/** The files of the issuer's own certificate, if it has one: with it, partner-bff shows one as well. */
export const OWN_TLS = Symbol('own TLS');

@Injectable()
export class PartnerBffGuard implements CanActivate {
  constructor(
    private readonly tokens: InternalTokenVerifier,
    @Inject(OWN_TLS) private readonly tls: TlsSettings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers, socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!token) throw new ProblemError('unauthenticated', { detail: 'This answers partner-bff alone.' });
    this.tokens.identify(token, internalPeer({ socket }, this.tls));
    return true;
  }
}
