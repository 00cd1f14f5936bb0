import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { announce, settings } from '../processes/announce.js';
import type { Targets } from '../processes/synthetic-services.js';
import { PlainModule } from './plain-nest.module.js';

// Frozen. NestJS on Fastify with ClientGrpc, as its documentation has it.
const { targets } = settings<{ readonly targets: Targets }>();
const app = await NestFactory.create<NestFastifyApplication>(PlainModule.forRoot(targets), new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
announce({ port: (app.getHttpServer().address() as AddressInfo).port });
