import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { takeForms } from '../session/read-form.js';
import { DevSessionController } from './dev-session.controller.js';
import { serveGraphiql } from './graphiql.js';

/** In development alone: sessions without a browser, and GraphiQL. */
@Module({ controllers: [DevSessionController] })
export class DevModule {}

export async function setUp(app: NestFastifyApplication): Promise<void> {
  takeForms(app);
  await serveGraphiql(app);
}
