import { Module } from '@nestjs/common';
import { Kysely } from 'kysely';
import { refuseDemoDatabase } from './demo-mark.js';

/** In production: a refusal to start on what development left. */
@Module({ providers: [{ provide: refuseDemoDatabase, inject: [Kysely], useFactory: refuseDemoDatabase }] })
export class NoDemoModule {}
