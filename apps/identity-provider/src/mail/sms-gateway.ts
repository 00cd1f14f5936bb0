import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { Readable } from 'node:stream';
import type { Send, TextMessage } from './post-office.js';

/** What a gateway takes: names and values, in which `{to}`, `{text}`, `{from}` and `{id}` stand for a message's own. */
export type Template = { readonly [name: string]: string | Template };

export interface GatewaySettings {
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly format: 'json' | 'form';
  readonly body: Template;
  readonly from: string;
  readonly token?: string | undefined;
}

export interface GatewayPatience {
  readonly deadlineMs: number;
  /** Before each further try. */
  readonly pausesMs: readonly number[];
}

/** Says what went wrong, and nothing of the message or of how we prove who we are. */
export class GatewayFailure extends Error {
  constructor(
    what: string,
    readonly worthAnotherTry: boolean,
  ) {
    super(`SMS gateway: ${what}`);
  }
}

/**
 * Text messages leave through an HTTP gateway. A try that failed is made again within the deadline, with the same `idempotency-key`, unless the gateway
 * refused what we sent. A redirect is a refusal: the secret goes to nobody else.
 */
export function smsGateway(
  settings: GatewaySettings,
  { deadlineMs, pausesMs }: GatewayPatience = { deadlineMs: 8_000, pausesMs: [250, 1_000] },
): Send<TextMessage> {
  return async (message, id) => {
    const signal = AbortSignal.timeout(deadlineMs);
    for (const pauseMs of [...pausesMs, undefined]) {
      const failure = await tryOnce(settings, message, id, signal);
      if (!failure) return;
      if (!failure.worthAnotherTry || pauseMs === undefined || signal.aborted) throw failure;
      await sleep(pauseMs, undefined, { signal }).catch(() => Promise.reject(failure));
    }
  };
}

async function tryOnce(
  settings: GatewaySettings,
  message: TextMessage,
  id: string,
  signal: AbortSignal,
): Promise<GatewayFailure | undefined> {
  const { url, method, format, body, from, token } = settings;
  const fields = filled(body, { to: message.phone, text: message.text, from, id });
  try {
    const { status, data } = await axios.request<Readable>({
      ...{ url, method, signal, responseType: 'stream', adapter: 'http', proxy: false, maxRedirects: 0, validateStatus: () => true },
      data: format === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields as Record<string, string>).toString(),
      headers: {
        'content-type': format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
        'idempotency-key': id,
        ...(token && { authorization: `Bearer ${token}` }),
      },
    });
    data.destroy();
    if (status >= 200 && status < 300) return undefined;
    return new GatewayFailure(`answered ${status}`, status >= 500 || status === 429 || status === 408);
  } catch (error) {
    const { code } = error as { code?: unknown };
    return new GatewayFailure(typeof code === 'string' ? code : 'no answer', true);
  }
}

function filled(template: Template, values: Readonly<Record<string, string>>): Template {
  const one = (value: string | Template) =>
    typeof value === 'string' ? value.replace(/\{(to|text|from|id)\}/g, (_, name: string) => values[name]!) : filled(value, values);
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, one(value)]));
}
