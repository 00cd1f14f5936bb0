import { ProblemError } from '@facet/errors';
import { aMessage, anAttachment, idOf, userIds, type HttpFakeRequest } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { ContentLinks } from '../src/attachment/content-links.js';
import { attachment, message, partnerApp } from './start-partner.js';

const partner = partnerApp();

/** The link to the bytes, as a message gives it to somebody. */
async function linkFor(subject: string = userIds.bob, scope?: string): Promise<string> {
  partner.world.messages[0] = aMessage({ attachments: [anAttachment()] });
  const { body } = await partner.call('GET', message, { subject, scope });
  return body.attachments[0].links.content;
}

/** Answers bytes and remembers who asked. */
function bytesFor(asked: HttpFakeRequest[]): void {
  const answer = (request: HttpFakeRequest) => {
    asked.push(request);
    return { headers: { 'content-type': 'image/png', etag: '"a"' }, body: 'bytes' };
  };
  partner.fakes.media.handlers = { 'GET /v1/attachments/{id}/content': answer, 'HEAD /v1/attachments/{id}/content': answer };
}

describe('the link to the bytes in a message', () => {
  it('opens without a token, for whom it was made, to read and nothing else, and the service decides again', async () => {
    const link = await linkFor(userIds.carol);
    const asked: HttpFakeRequest[] = [];
    bytesFor(asked);

    const { status, body, headers } = await partner.call('GET', link, { token: null });
    expect([status, body]).toEqual([200, 'bytes']);
    expect(headers.get('cache-control')).toMatch(/^private/);
    expect(asked[0]!.caller).toMatchObject({ subject: userIds.carol, client: 'demo-partner', scopes: ['read:messages'] });

    partner.fakes.media.trouble = () => new ProblemError('not-found');
    expect((await partner.call('GET', link, { token: null })).status).toBe(404);
  });

  it('opens ranges and heads', async () => {
    const link = await linkFor();
    const asked: HttpFakeRequest[] = [];
    bytesFor(asked);
    await partner.call('GET', link, { token: null, headers: { range: 'bytes=0-1' } });
    expect(asked[0]!.headers.range).toBe('bytes=0-1');
    expect((await partner.call('HEAD', link, { token: null })).status).toBe(200);
  });

  it('counts against the limit of whom it was made for', async () => {
    const subject = idOf(777);
    const link = await linkFor(subject);
    const remaining = async (path: string, token?: null) => {
      const { headers } = await partner.call('GET', path, { subject, ...(token === null && { token }) });
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    const before = await remaining(message);
    expect(await remaining(link, null)).toBe(before - 1);
  });

  it('is a whole credential: a token beside it changes nothing', async () => {
    const asked: HttpFakeRequest[] = [];
    const link = await linkFor(userIds.carol);
    bytesFor(asked);
    await partner.call('GET', link, { subject: userIds.bob });
    expect(asked[0]!.caller.subject).toBe(userIds.carol);
    expect(await partner.call('GET', `${link}x`, { subject: userIds.bob })).toMatchObject({ status: 401 });
  });

  it('does not open for who could not read messages', async () => {
    const { body } = await partner.call('PATCH', message, { body: { content: 'x' }, scope: 'write:messages' });
    expect(body.attachments).toEqual([]);
    partner.world.messages[0] = aMessage({ attachments: [anAttachment()] });
    const edited = await partner.call('PATCH', message, { body: { content: 'x' }, scope: 'write:messages' });
    const link = edited.body.attachments[0].links.content;
    expect(await partner.call('GET', link, { token: null })).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
  });

  it('is a 401 that says why, and reaches no service, when it was changed, is of another attachment, or is over', async () => {
    const link = await linkFor();
    const asked: HttpFakeRequest[] = [];
    bytesFor(asked);
    const capability = link.split('=')[1]!;
    const changed = link.replace(
      capability,
      capability.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    );
    const other = link.replace(idOf(900), idOf(901));
    const past = new ContentLinks(partner.config.INTERNAL_ROOT_KEY, () => Date.now() - 300_000);
    const over = past.make(idOf(900), {
      subject: userIds.bob,
      kind: 'user',
      client: 'demo-partner',
      scopes: ['read:messages'],
      roles: ['user'],
      permissions: [],
    });
    for (const [path, detail] of [
      [changed, /^The link is not one of ours\./],
      [other, /^The link is not one of ours\./],
      [over, /^The link has expired\./],
    ] as const) {
      const { status, body, headers } = await partner.call('GET', path, { token: null });
      expect(status).toBe(401);
      expect(body).toMatchObject({ code: 'unauthenticated', detail: expect.stringMatching(detail) });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect(asked).toEqual([]);
  });

  it('opens nothing but bytes', async () => {
    const link = await linkFor();
    expect((await partner.call('GET', link.replace('/content', ''), { token: null })).status).toBe(401);
    expect((await partner.call('GET', `${attachment}/content?capability=a&capability=b`, { token: null })).status).toBe(401);
    expect((await partner.call('GET', `${attachment}/content?capability=a&other=b`)).status).toBe(401);
  });

  it('is the same while nothing changes, so that a client that has the message gets a 304', async () => {
    await linkFor();
    const first = await partner.call('GET', message);
    const again = await partner.call('GET', message, { headers: { 'if-none-match': first.headers.get('etag')! } });
    // At the turn of a minute there is a new one.
    if (again.status !== 304) expect(again.body.attachments[0].links).not.toEqual(first.body.attachments[0].links);
    else expect(again.status).toBe(304);
  });
});
