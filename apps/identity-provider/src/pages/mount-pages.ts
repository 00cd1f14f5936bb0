import { ProblemError } from '@facet/errors';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import { knowOrigins } from '../audit/origin.js';
import { accountRoutes } from './account-pages.js';
import { closeRoutes } from './close-pages.js';
import { codeSignInRoutes } from './code-sign-in.js';
import { auditRoutes } from './audit-pages.js';
import { consentRoutes } from './consent-pages.js';
import { forgottenRoutes } from './forgotten-pages.js';
import { keyRoutes } from '../partner-keys/key-pages.js';
import { html } from './html.js';
import { passkeyRoutes } from './passkey-pages.js';
import { passkeySignInRoutes } from './passkey-sign-in.js';
import { secondFactorRoutes } from './second-factor-pages.js';
import { phoneRoutes } from './phone-pages.js';
import { signUpRoutes } from './sign-up-pages.js';
import { signInRoutes } from './sign-in-pages.js';
import { styles } from './styles.js';
import { PageFault, problemOf, sendPage, textsOf, type PageServices } from './visit.js';

export const PAGE_SERVICES = Symbol('page services');
const longestForm = 64 * 1024;

/** The pages that people see. They work without a script, and every failure of theirs is a page too. */
export function mountPages(app: NestFastifyApplication): void {
  const services = app.get<PageServices>(PAGE_SERVICES, { strict: false });
  const logger = new Logger('pages');
  void app
    .getHttpAdapter()
    .getInstance()
    .register((scope, _options, done) => {
      acceptForms(scope);
      knowOrigins(scope);
      scope.setErrorHandler((error, request, reply) => showFault(error, request, reply, logger));
      scope.get('/assets/pages.css', (_request, reply) =>
        reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' }).send(styles),
      );
      signInRoutes(scope, services);
      consentRoutes(scope, services);
      accountRoutes(scope, services);
      closeRoutes(scope, services);
      secondFactorRoutes(scope, services);
      passkeyRoutes(scope, services);
      auditRoutes(scope, services);
      keyRoutes(scope, services);
      passkeySignInRoutes(scope, services);
      if (services.mail) {
        const withMail = { ...services, ...services.mail };
        for (const routes of [signUpRoutes, forgottenRoutes, phoneRoutes, codeSignInRoutes]) routes(scope, withMail);
      }
      done();
    });
}

function acceptForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: longestForm }, (_request, body, parsed) =>
    parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}

function showFault(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const texts = textsOf(request);
  const { status, text } = faultOf(error, texts.expired, texts.errorTitle);
  if (status >= 500) logger.error(error);
  if (error instanceof PageFault) return show(error.textOf(texts));
  return show(text);

  function show(problem: string): FastifyReply {
    return sendPage(request, reply, { title: texts.errorTitle, body: html`${problemOf(problem)}` }, status);
  }
}

function faultOf(error: unknown, expired: string, unknown: string): { status: number; text: string } {
  if (error instanceof PageFault) return { status: error.status, text: expired };
  if (error instanceof errors.SessionNotFound) return { status: 400, text: expired };
  if (error instanceof ProblemError) return { status: error.status, text: unknown };
  const status = (error as { statusCode?: unknown }).statusCode;
  return { status: typeof status === 'number' && status >= 400 ? status : 500, text: unknown };
}
