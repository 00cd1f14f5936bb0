import { readdirSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Access, Public } from '@facet/auth';
import { problems } from '@facet/errors';
import type { RunningApp } from '@facet/service-kit';
import { z } from 'zod';
import { Returns, ReturnsNothing } from '../src/index.js';
import { startTiny } from './tiny-app.js';

@Controller('open')
class OpenController {
  @Get()
  @ReturnsNothing()
  forgotten() {}

  @Get('public')
  @Public()
  @Returns(z.object({}))
  declared() {}
}

@Controller('shapeless')
class ShapelessController {
  @Get()
  @Access({ scope: 'read:rooms', limit: 'browse' })
  anything() {}
}

describe('start', () => {
  it('is refused where a route does not say who may call it', async () => {
    await expect(startTiny({ controllers: [OpenController] })).rejects.toThrow(
      /OpenController\.forgotten declares neither @Access nor @Public/,
    );
    await expect(startTiny({ controllers: [OpenController] })).rejects.not.toThrow(/declared declares/);
  });
  it('is refused where a route does not say what it returns', async () => {
    await expect(startTiny({ controllers: [ShapelessController] })).rejects.toThrow(
      /ShapelessController\.anything declares none of @Returns/,
    );
  });
  it('fails where a port is taken, the management port included, and leaves nothing open', async () => {
    const first = await startTiny();
    const managementPort = Number(new URL(first.listening.management!).port);
    await expect(startTiny({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE', port: first.port });
    await expect(startTiny({ managementPort })).rejects.toMatchObject({ code: 'EADDRINUSE', port: managementPort });
    await first.stop();
    await (await startTiny({ port: first.port, managementPort })).stop();
  });
});

interface Operation {
  operationId: string;
  security: unknown[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { headers?: object; content?: Record<string, { schema?: object }> }>;
  [key: string]: unknown;
}

describe('documents', () => {
  let app: RunningApp;
  let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } };
  const get = (path: string) => fetch(`http://127.0.0.1:${app.port}${path}`);

  beforeAll(async () => {
    app = await startTiny();
    document = (await (await get('/openapi.json')).json()) as typeof document;
  });
  afterAll(() => app.stop());

  it('are valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect({ valid, errors }).toMatchObject({ valid: true });
  });
  it('say for each route who may call it, how often, what it takes, what it gives and how it fails', () => {
    const { post } = document.paths['/v1/things']!;
    expect(post).toMatchObject({ security: [{ bearer: ['write:rooms'] }], 'x-limit': 'write', requestBody: { required: true } });
    expect(Object.keys(post!.responses)).toEqual([
      '200',
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '502',
      '503',
      '504',
    ]);
    const { get: one } = document.paths['/v1/things/{thingId}']!;
    expect(one).toMatchObject({
      summary: 'One thing',
      parameters: [{ name: 'thingId', in: 'path', required: true, schema: { format: 'uuid' } }],
    });
    expect(one!.responses['200']!.content!['application/json']!.schema).toMatchObject({
      properties: { at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] } },
    });
    const { get: list } = document.paths['/v1/things']!;
    expect(list!.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        required: false,
        schema: expect.objectContaining({ type: 'integer', maximum: 100, default: 30 }),
      }),
    );
    expect(JSON.stringify(document)).not.toMatch(/x-date|\$defs/);
  });
  it('say how an answer may be kept, how a degraded one is known, and when to try again', () => {
    const { '200': whole, '304': unchanged, '504': late, '500': broken } = document.paths['/v1/things/{thingId}']!.get!.responses;
    expect(Object.keys(whole!.headers!)).toEqual(['ETag', 'Cache-Control', 'Facet-Degraded']);
    expect([Object.keys(unchanged!.headers!), unchanged!.content]).toEqual([['ETag', 'Cache-Control'], undefined]);
    expect([late!.headers, broken!.headers]).toEqual([{ 'Retry-After': expect.anything() as object }, undefined]);
    const { '201': created, '304': never } = document.paths['/v1/things']!.post!.responses;
    expect([Object.keys(created!.headers!), never]).toEqual([['Facet-Degraded'], undefined]);
    expect(document.paths['/docs']!.get!.responses['304']).toBeUndefined();
  });
  it('have operation ids of their own', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('are a page that refers to no other host', async () => {
    const response = await get('/docs');
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html.match(/(?:src|href)="[^"]*"/g)).toEqual(['src="docs/scalar.js"']);
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).toContain('"withDefaultFonts": false');
    expect(html).toMatch(/"agent": \{\s*"disabled": true/);
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'self'");
    const script = await get('/docs/scalar.js');
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
  });
  it('explain each kind of error at its type', async () => {
    const files = readdirSync(new URL('../../../docs/errors/', import.meta.url)).filter((name) => name !== 'README.md');
    const pages = files.map((name) => name.replace('.md', ''));
    expect(pages.sort()).toEqual(Object.keys(problems).sort());
    for (const code of pages) {
      const page = await get(`/errors/${code}`);
      expect([page.status, (await page.text()).split('\n')[0]]).toEqual([
        200,
        `# ${code} (${problems[code as keyof typeof problems].status})`,
      ]);
    }
    expect((await get('/errors/unheard-of')).status).toBe(404);
    expect((await get('/errors/..%2f..%2fpackage')).status).toBe(404);
  });
});
