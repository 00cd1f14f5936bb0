import { GetAttachmentRequest, ListAttachmentsRequest } from '@facet/contracts/media';
import { MediaService } from '@facet/contracts/media/http';
import { CountOnlineRequest, CountOnlineResponse } from '@facet/contracts/presence';
import { encodeMessage, type MethodDefinition } from '@facet/service-kit/wire';
import { describe, expect, it } from 'vitest';
import { routesOf } from './http-route.js';

const routeOf = (method: string, route: string) => {
  const service = { ...MediaService, methods: { method: MediaService.methods[method as 'getAttachment'] }, http: { method: route } };
  return [...routesOf(service).values()][0]!;
};
const get = (id: string, route = 'GET /v1/attachments/{id}') =>
  routeOf('getAttachment', route).write(encodeMessage(GetAttachmentRequest, { id }));

describe('a route', () => {
  it('is found by the path of the RPC', () => {
    expect([...routesOf(MediaService).keys()]).toEqual([
      '/facet.media.v1.MediaService/ListAttachments',
      '/facet.media.v1.MediaService/GetAttachment',
      '/facet.media.v1.MediaService/DeleteAttachment',
    ]);
  });

  it('writes a list as its parameter, repeated, and nothing for what is not said', () => {
    const { write } = routeOf('listAttachments', 'GET /v1/attachments');
    expect(write(encodeMessage(ListAttachmentsRequest, { ids: ['a b', 'c&d=é'] }))).toEqual({
      method: 'GET',
      path: '/v1/attachments?ids=a+b&ids=c%26d%3D%C3%A9',
    });
    expect(write(encodeMessage(ListAttachmentsRequest, { ids: [] })).path).toBe('/v1/attachments');
  });

  it('has a field in its path, or in its body, and not in both', () => {
    expect(get('a1')).toEqual({ method: 'GET', path: '/v1/attachments/a1' });
    expect(get('a1', 'DELETE /v1/{id}/all')).toEqual({ method: 'DELETE', path: '/v1/a1/all' });
    expect(get('a1', 'POST /v1/{id}')).toEqual({ method: 'POST', path: '/v1/a1', body: Buffer.from('{}') });
    expect(get('a1', 'PUT /v1')).toEqual({ method: 'PUT', path: '/v1', body: Buffer.from('{"id":"a1"}') });
  });

  it.each(['a/b', '../x', '%2e%2e', 'a?b#c', 'é\u0000\r\n', ' ', '\\', '...'])('keeps %j in its place in the path', (id) => {
    const { path } = get(id);
    expect(new URL(path, 'http://x').pathname).toBe(path);
    expect(decodeURIComponent(path.slice('/v1/attachments/'.length))).toBe(id);
  });

  it.each(['', '.', '..'])('has no place for %j in the path', (id) => {
    expect(() => get(id)).toThrow(
      expect.objectContaining({ code: 'validation-failed', errors: [{ pointer: '/id', detail: 'It names nothing.' }] }),
    );
  });

  it.each(['', 'GET', 'GET v1', 'HEAD /v1', 'get /v1', 'GET /v1/{id', 'GET /v1/{id}x', 'GET //v1', 'GET /v1?x=1', 'GET /v1/'])(
    'is not %j',
    (text) => expect(() => routeOf('getAttachment', text)).toThrow('has no route'),
  );

  it('is none where the messages know no JSON', () => {
    const countOnline = {
      name: 'CountOnline',
      requestType: CountOnlineRequest,
      responseType: CountOnlineResponse,
    } as unknown as MethodDefinition;
    const service = { name: 'X', fullName: 'x.X', methods: { countOnline }, batchedBy: {}, http: { countOnline: 'GET /v1' } };
    expect(() => routesOf(service)).toThrow('CountOnline has no route');
  });
});
