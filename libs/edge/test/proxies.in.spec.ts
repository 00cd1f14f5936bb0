import { request } from 'node:http';
import { Controller, Get, Req } from '@nestjs/common';
import { Access } from '@facet/auth';
import type { RunningApp } from '@facet/service-kit';
import type { FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RequestContext, Returns, type ProxySettings } from '../src/index.js';
import { startTiny } from './tiny-app.js';

const Seen = z.object({
  ip: z.string(),
  host: z.string(),
  protocol: z.string(),
  of: z.string(),
  headers: z.record(z.string(), z.string()),
});

@Controller('v1/seen')
class SeenController {
  @Get()
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @Returns(Seen)
  see(@Req() { ip, host, protocol, raw }: FastifyRequest, @RequestContext() { clientAddress }: RequestContext) {
    return { ip, host, protocol, of: clientAddress, headers: raw.headers };
  }
}

const said = {
  forwarded: 'for=203.0.113.9;host=evil.test;proto=https',
  'x-forwarded-for': '198.51.100.1, 203.0.113.9',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
  'x-real-ip': '203.0.113.9',
  'client-cert': ':AAAA:',
  'client-cert-chain': ':AAAA:',
};
const ofAddresses = Object.keys(said).filter((name) => !name.startsWith('client-cert'));

let app: RunningApp | undefined;
afterEach(() => app?.stop());

/** What the application sees of a client on 127.0.0.1 that says all that. */
async function see(proxies: ProxySettings, headers: Record<string, string> = said) {
  app = await startTiny({ controllers: [SeenController], proxies });
  const { port } = app;
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = { authorization: 'alice', host: 'mine.test', ...headers };
    request({ host: '127.0.0.1', port, path: '/v1/seen', headers: sent, agent: false }, (response) => {
      let body = '';
      response.on('data', (piece) => (body += String(piece))).on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
  const { headers: seen, ...rest } = Seen.parse(JSON.parse(answer));
  return { ...rest, headers: Object.keys(seen).filter((name) => name in said) };
}

const itself = { ip: '127.0.0.1', of: '127.0.0.1', host: 'mine.test', protocol: 'http' };

describe('what a client says of itself', () => {
  it.each([
    ['nobody', {}],
    ['somebody else', { TRUSTED_PROXIES: ['192.0.2.0/24', '::1'], CLIENT_CERT_PROXIES: ['192.0.2.7'] }],
  ])('is taken away where %s may speak for clients', async (_, proxies) => {
    expect(await see(proxies)).toEqual({ ...itself, headers: [] });
  });
});

describe('what a proxy says of its client', () => {
  it('counts where it may speak of addresses, and of certificates it says nothing', async () => {
    expect(await see({ TRUSTED_PROXIES: ['127.0.0.0/8'] })).toEqual({
      ...{ ip: '203.0.113.9', of: '203.0.113.9', host: 'evil.test', protocol: 'https' },
      headers: ofAddresses,
    });
  });

  it('counts where it may speak of certificates, and of addresses it says nothing', async () => {
    expect(await see({ CLIENT_CERT_PROXIES: ['127.0.0.1'] })).toEqual({ ...itself, headers: ['client-cert', 'client-cert-chain'] });
  });

  it('is the address before the last proxy that is believed: what the client wrote before it counts for nothing', async () => {
    const two = { 'x-forwarded-for': '10.9.9.9, 203.0.113.9, 10.0.0.1' };
    expect(await see({ TRUSTED_PROXIES: ['127.0.0.1', '10.0.0.1'] }, two)).toMatchObject({ ip: '203.0.113.9', of: '203.0.113.9' });
  });
});

it('a proxy without an address keeps the application from starting', async () => {
  await expect(see({ TRUSTED_PROXIES: ['proxy.example'] })).rejects.toThrow(TypeError);
});
