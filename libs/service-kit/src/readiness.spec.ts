import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { readinessOf } from './readiness.js';

class Database {
  readonly name = 'database';
  up = true;

  async ping(): Promise<void> {
    if (!this.up) throw new Error('away');
  }
}

@Module({
  providers: [
    Database,
    { provide: 'events', useValue: { name: 'events', ping: () => new Promise<void>(() => undefined) } },
    { provide: 'other', useValue: 1 },
  ],
})
class Root {}

it('names the parts that are away or do not answer, and none that is there', async () => {
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  const readiness = readinessOf(app);
  await expect(readiness.check()).resolves.toEqual(['events']);
  app.get(Database).up = false;
  await expect(readiness.check()).resolves.toEqual(['database', 'events']);
  await app.close();
});
