import { ProblemError } from '@facet/errors';
import { describe, expect, it } from 'vitest';
import { files } from './routes.fixtures.js';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('bodies that are not read', () => {
  it('413: two megabytes', async () => {
    const body = JSON.stringify({ content: 'x'.repeat(2 << 20) });
    expect(await partner.call('POST', `${general}/messages`, { body })).toMatchObject({ status: 413, body: { code: 'payload-too-large' } });
  });

  it('415: JSON where files belong, and files where JSON does', async () => {
    const json = await partner.call('POST', '/api/v1/attachments', { body: { file: 'x' } });
    const form = await partner.call('POST', `${general}/messages`, { body: files() });
    expect([json, form]).toMatchObject([{ status: 415 }, { status: 415 }]);
    expect(partner.fakes.media.calls).toEqual({});
  });

  it('413: an upload that the service finds too large', async () => {
    partner.fakes.media.trouble = () => new ProblemError('payload-too-large', { detail: 'A file has 25 MB at most.' });
    expect(await partner.call('POST', '/api/v1/attachments', { body: files() })).toMatchObject({
      status: 413,
      body: { code: 'payload-too-large', detail: 'A file has 25 MB at most.' },
    });
  });

  it('415: what is no JSON', async () => {
    const headers = { 'content-type': 'text/xml' };
    expect(await partner.call('POST', `${general}/messages`, { body: '<content/>', headers })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });
});
