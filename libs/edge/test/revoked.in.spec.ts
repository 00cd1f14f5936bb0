import { request as rawRequest } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { Controller, Get, Post } from '@nestjs/common';
import { Access, Revocations, revocationLivesMs } from '@facet/auth';
import type { RunningApp } from '@facet/service-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { Answer, RequestContext, Returns, ReturnsStream, UploadBody, type Upload } from '../src/index.js';
import { startTiny } from './tiny-app.js';

/** What the routes do; a test says. */
const act = {
  take: async (_: Upload, __: RequestContext): Promise<void> => undefined,
  give: (): Readable => new PassThrough(),
};

@Controller('v1/files')
class FilesController {
  @Post()
  @Access({ scope: 'write:rooms', limit: 'write', budgetMs: 60_000 })
  @Returns(z.object({}), { status: 201 })
  async take(@UploadBody() upload: Upload, @RequestContext() context: RequestContext) {
    await act.take(upload, context);
    return {};
  }

  @Get()
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @ReturnsStream()
  give() {
    return new Answer(act.give(), { headers: { 'content-type': 'text/plain' } });
  }
}

let app: RunningApp;
const revocations = new Revocations();
beforeAll(async () => {
  app = await startTiny({ controllers: [FilesController], providers: [{ provide: Revocations, useValue: revocations }] });
});
afterAll(() => app.stop());

const url = () => `http://127.0.0.1:${app.port}/v1/files`;
const revoke = (subject: string) =>
  revocations.revoke({ kind: 'subject', id: subject, before: Date.now(), until: Date.now() + revocationLivesMs });

it('an open stream ends when its caller is revoked, what fed it ends as well, and another caller’s goes on', async () => {
  const sources = [new PassThrough(), new PassThrough()];
  const open = (caller: string, source: Readable) => {
    act.give = () => source;
    return fetch(url(), { headers: { authorization: caller } });
  };
  sources.forEach((source) => source.write('first'));
  const [one, other] = [await open('alice', sources[0]!), await open('bob', sources[1]!)];
  const [mine, others] = [one, other].map(({ body }) => body!.getReader());
  await Promise.all([mine!.read(), others!.read()]);
  const over = new Promise((closed) => sources[0]!.once('close', closed));
  revoke('alice');
  await expect(mine!.read()).rejects.toThrow();
  await over;
  sources[1]!.end('second');
  expect(Buffer.from((await others!.read()).value!).toString()).toBe('second');
});

it('an upload under way is answered with 401 when its caller is revoked, and what it was for ends', async () => {
  const begun = Promise.withResolvers<RequestContext>();
  act.take = (_, context) => {
    begun.resolve(context);
    return new Promise((_, reject) => context.ending.add({ end: reject }));
  };
  const headers = { authorization: 'carol', 'content-type': 'multipart/form-data; boundary=x', 'content-length': '1000' };
  const client = rawRequest(url(), { method: 'POST', headers });
  const answer = new Promise<[number | undefined, string | undefined]>((resolve) => {
    client.on('response', (response) => resolve([response.resume().statusCode, response.headers['www-authenticate']]));
    client.on('error', () => undefined);
  });
  client.write('x');
  const { ending } = await begun.promise;
  revoke('carol');
  expect(await answer).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  expect(ending.ended).toBe(true);
});

it('nothing is left of what ended by itself', async () => {
  act.give = () => {
    const source = new PassThrough();
    source.end('all');
    return source;
  };
  expect(await (await fetch(url(), { headers: { authorization: 'dave' } })).text()).toBe('all');
  await expect.poll(() => revocations.openFor).toBe(0);
});
