import { describe, expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const partner = partnerApp();

describe('bodies that are not read', () => {
  it('413: two megabytes', async () => {
    const body = JSON.stringify({ content: 'x'.repeat(2 << 20) });
    expect(await partner.call('POST', `${general}/messages`, { body })).toMatchObject({ status: 413, body: { code: 'payload-too-large' } });
  });

  it('415: what is no JSON', async () => {
    const headers = { 'content-type': 'text/xml' };
    expect(await partner.call('POST', `${general}/messages`, { body: '<content/>', headers })).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });
});
