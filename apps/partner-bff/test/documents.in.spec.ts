import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { routes } from './routes.fixtures.js';
import { partnerApp } from './start-partner.js';

const partner = partnerApp();

it('the OpenAPI 3.1 document is valid and has every route with its problems', async () => {
  const { status, body } = await partner.call('GET', '/openapi.json', { token: null });
  const { valid, errors } = await new Validator().validate(structuredClone(body));

  expect(status).toBe(200);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(body.openapi).toMatch(/^3\.1/);
  for (const { method, path } of routes) {
    const templates = Object.keys(body.paths).filter((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    const operation = templates.map((template) => body.paths[template][method.toLowerCase()]).find(Boolean);
    expect(operation, `${method} ${path}`).toBeDefined();
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '429']));
  }
});

it('the readable page loads nothing from elsewhere', async () => {
  const { status, body } = await partner.call('GET', '/docs', { token: null });
  expect(status).toBe(200);
  expect(body).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
});
