import type { RequestListener } from 'node:http';
import type { Member } from '@facet/balancing';
import { expect, onTestFinished, vi } from 'vitest';
import { Bulkhead } from '../src/bulkhead.js';
import { CircuitBreaker } from '../src/circuit-breaker.js';
import { createExchange } from '../src/http-exchange.js';
import { HttpTransport } from '../src/http-transport.js';
import type { ExchangeRequest, ExchangeWay } from '../src/http-way.js';
import { defaultPolicy } from '../src/policy.js';
import { RetryBudget } from '../src/retry-budget.js';
import { startServer, token, type TestServer } from './http-server.fixtures.js';

export const get: ExchangeRequest = { method: 'GET', path: '/v1/attachments/a1/content', repeatable: true };
export const post: ExchangeRequest = { method: 'POST', path: '/v1/attachments', repeatable: false };

/** An instance that writes down what it is told. */
class HeardMember {
  reachable = true;
  readonly told: string[] = [];

  constructor(readonly address: string) {}

  departed(items: number): void {
    this.told.push(`departed ${items}`);
  }

  landed(items: number, _ms: number, landing: string): void {
    this.told.push(`landed ${items} ${landing}`);
  }
}

export function wayTo(servers: readonly TestServer[], special: Partial<ExchangeWay> = {}) {
  const members = servers.map(({ address }) => new HeardMember(address));
  const transport = new HttpTransport();
  onTestFinished(() => transport.close());
  const breaker = new CircuitBreaker({ ...defaultPolicy.breaker, minimumItems: 3 });
  const bulkhead = new Bulkhead();
  const budget = new RetryBudget(defaultPolicy.retryBudget);
  const metrics = { departed: vi.fn(), landed: vi.fn(), retried: vi.fn(), refused: vi.fn() };
  const judged = { landed: vi.spyOn(breaker, 'landed'), left: vi.spyOn(breaker, 'left') };
  const pick = (_items: number, _key?: string, except?: Member) =>
    (members.find((member) => (member as unknown) !== except) ?? members[0]) as unknown as Member;
  const lane = { breaker, bulkhead, budget, metrics, transport, fleet: { pick } };
  const way: ExchangeWay = {
    ...{ dependency: 'media', audience: 'media-service', deadlineMs: 2_000, reserveMs: 20 },
    retry: { attempts: 3, baseMs: 1, capMs: 2 },
    minter: { mint: () => token },
    known: () => true,
    choose: () => lane,
    ...special,
  };
  return { exchange: createExchange(way), members, judged, ...lane };
}

export async function wayWith(handle: RequestListener, special?: Partial<ExchangeWay>) {
  const server = await startServer(handle);
  return { server, ...wayTo([server], special) };
}

export const nothingIsLeft = ({ bulkhead }: { bulkhead: Bulkhead }) =>
  expect.poll(() => [bulkhead.rpcs, bulkhead.waiting], { interval: 5 }).toEqual([0, 0]);

export const failing = (error: object) => expect.objectContaining(error);
export const away = failing({ dependency: 'media', reason: 'unavailable' });
