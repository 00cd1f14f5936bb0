import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
afterAll(() => mobile.stop());

it('is described by a valid OpenAPI 3.1 document with every route', async () => {
  const { status, body } = await mobile.call('GET', '/openapi.json', { as: null });
  const { valid, errors } = await new Validator().validate(structuredClone(body));

  expect(status).toBe(200);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(body.openapi).toMatch(/^3\.1/);
  expect(
    Object.keys(body.paths)
      .filter((path) => path.startsWith('/v1'))
      .sort(),
  ).toEqual([
    '/v1/attachments',
    '/v1/attachments/{attachmentId}/content',
    '/v1/attachments/{attachmentId}/thumbnails/{width}',
    '/v1/discover',
    '/v1/home',
    '/v1/notifications',
    '/v1/notifications/read',
    '/v1/presence',
    '/v1/profile',
    '/v1/rooms',
    '/v1/rooms/{roomId}',
    '/v1/rooms/{roomId}/membership',
    '/v1/rooms/{roomId}/messages',
    '/v1/rooms/{roomId}/messages/{messageId}',
    '/v1/rooms/{roomId}/messages/{messageId}/reactions/{emoji}',
    '/v1/rooms/{roomId}/read',
    '/v1/rooms/{roomId}/typing',
    '/v1/users/{userId}',
  ]);
});

it('has a readable page that loads nothing from elsewhere', async () => {
  const { status, body, headers } = await mobile.call('GET', '/docs', { as: null });

  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/html');
  expect(body).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
});
