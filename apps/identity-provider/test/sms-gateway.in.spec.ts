import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { smsGateway, type GatewaySettings } from '../src/mail/sms-gateway.js';

interface Asked {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A gateway that answers with these statuses, one after the other; 0 is no answer at all. */
async function gateway(statuses: readonly number[], headers: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const status = statuses[asked.length] ?? 200;
    asked.push({ method: request.method, headers: request.headers, body: await bodyOf(request) });
    if (status !== 0) response.writeHead(status, headers).end('{"secret answer":true}');
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send` };
}

const message = { phone: '+4915123456789', text: 'Ihr Code: 123456 & "$&"', until: Date.now() + 600_000 };
const settings = { method: 'POST', format: 'json', from: 'Facet', token: 'the-secret-of-the-gateway' } as const;
const body = { recipient: { number: '{to}' }, sender: '{from}', message: '{text}', reference: '{id}' };
const patience = { deadlineMs: 5_000, pausesMs: [1, 1] };
const sending = (more: Pick<GatewaySettings, 'url'> & Partial<GatewaySettings>, patient = patience) =>
  smsGateway({ ...settings, body, ...more }, patient)(message, 'message-1');

describe('the SMS gateway', () => {
  it('gets what its template says, as JSON, with our secret', async () => {
    const { asked, url } = await gateway([202]);
    await sending({ url });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer the-secret-of-the-gateway', 'content-type': 'application/json', 'idempotency-key': 'message-1' },
    });
    expect(JSON.parse(asked[0]!.body)).toEqual({
      recipient: { number: message.phone },
      sender: 'Facet',
      message: message.text,
      reference: 'message-1',
    });
  });

  it('gets it as a form, by another method, without a secret', async () => {
    const { asked, url } = await gateway([200]);
    await sending({ url, method: 'PUT', format: 'form', body: { To: '{to}', Body: '{text}' }, token: undefined });
    expect(asked[0]).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(asked[0]!.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({ To: message.phone, Body: message.text });
  });

  it.each([[[500, 503]], [[429]], [[408, 502]]])('is asked again after %s, for the same message', async (statuses) => {
    const { asked, url } = await gateway([...statuses, 200]);
    await sending({ url });
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(statuses.length + 1).fill('message-1'));
  });

  it.each([
    ['refuses', [400], 1, 'answered 400'],
    ['does not know us', [401], 1, 'answered 401'],
    ['leads elsewhere', [307], 1, 'answered 307'],
    ['fails each time', [500, 500, 500, 500], 3, 'answered 500'],
  ])('that %s is a failure', async (_, statuses, times, problem) => {
    const other = await gateway([]);
    const { asked, url } = await gateway(statuses, { location: other.url });
    await expect(sending({ url })).rejects.toThrow(problem);
    expect([asked.length, other.asked.length]).toEqual([times, 0]);
  });

  it('that does not answer is waited for no longer than the deadline', async () => {
    const { asked, url } = await gateway([0, 0, 0]);
    await expect(sending({ url }, { deadlineMs: 100, pausesMs: [1, 1] })).rejects.toThrow('ERR_CANCELED');
    expect(asked).toHaveLength(1);
  });

  it('that is not there is a failure that tells nothing of the message, the secret, or what was answered', async () => {
    const { url } = await gateway([500, 500, 500]);
    for (const each of [url, 'http://127.0.0.1:1/send']) {
      const error = await sending({ url: each }).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      );
      const told = [error!.message, error!.stack, JSON.stringify(error), ...Object.values(error!).map(String)].join();
      expect(told).toMatch(/answered 500|ECONNREFUSED/);
      expect(told).not.toMatch(/123456|4915123456789|the-secret|secret answer/);
      expect(error!.cause).toBeUndefined();
    }
  });
});
