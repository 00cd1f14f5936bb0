import { text } from 'node:stream/consumers';
import { Fleet } from '@facet/balancing';
import { MediaService } from '@facet/contracts/media/http';
import { expect, it, onTestFinished } from 'vitest';
import { Bulkhead } from '../src/bulkhead.js';
import { openHttpChannel } from '../src/http-channel.js';
import { createHttpClient } from '../src/http-client.js';
import { LastGood } from '../src/last-good.js';
import { policyFor, type PolicyOptions } from '../src/policy.js';
import { RetryBudget } from '../src/retry-budget.js';
import { Roster } from '../src/roster.js';
import { contextOf, json, startServer, token, type TestServer } from './http-server.fixtures.js';
import { away, failing, get } from './http-way.fixtures.js';

const attachment = { id: 'a1', name: 'cat.png' };

function clientTo(servers: readonly TestServer[], policy: PolicyOptions = {}) {
  const roster = new Roster(new Fleet({ policy: 'round_robin' }));
  const channel = openHttpChannel(roster);
  onTestFinished(() => channel.close());
  roster.update(servers.map(({ address }) => ({ address })));
  const { retryBudget, bulkhead } = policyFor(policy);
  const tier = { target: 'static:x', roster, channel, budget: new RetryBudget(retryBudget), bulkhead: new Bulkhead(bulkhead) };
  const more = { kind: 'http', primary: tier, deadlineMs: 2_000, reserveMs: 20, policy, minter: { mint: () => token } } as const;
  return {
    roster,
    ...createHttpClient({ service: MediaService, dependency: 'media', audience: 'media-service', ...more }, new LastGood()),
  };
}

it('calls of an HTTP service pass the same engine: equal ones are one, and what may pass is tried again', async () => {
  const server = await startServer((_, response) => {
    if (server.asked.length === 1) return json(response, { code: 'dependency-unavailable' }, 503);
    json(response, { attachments: [attachment] });
  });
  const media = clientTo([server]);
  const answers = await Promise.all([1, 2, 3].map(() => media.listAttachments({ ids: ['a1'] }, contextOf())));
  expect(answers.map(({ attachments }) => attachments[0])).toEqual(Array.from({ length: 3 }, () => expect.objectContaining(attachment)));
  expect(server.asked.length).toBe(2);
});

it('an instance that is killed costs no read', async () => {
  const [one, other] = [
    await startServer((_, response) => json(response, { attachment })),
    await startServer((_, response) => json(response, { attachment })),
  ];
  const media = clientTo([one, other]);
  const read = () => media.getAttachment({ id: 'a1' }, contextOf());
  await Promise.all([read(), media.getAttachment({ id: 'a2' }, contextOf())]);
  await one.stop();
  for (let times = 0; times < 20; times++) expect((await read()).attachment).toMatchObject(attachment);
  expect(media.roster.fleet.members.map(({ reachable }) => reachable)).toEqual([false, true]);
});

it('what a service refuses is its answer, and what fails again and again opens the breaker of that method alone', async () => {
  const server = await startServer((request, response) => {
    if (request.url === get.path) return void response.end('abc');
    if (request.method === 'GET') return void request.socket.destroy();
    json(response, { code: 'conflict', detail: 'A message has it.' }, 409);
  });
  const media = clientTo([server], { breaker: { minimumItems: 3 } });
  await expect(media.deleteAttachment({ id: 'a1' }, contextOf())).rejects.toEqual(
    failing({ code: 'conflict', detail: 'A message has it.' }),
  );
  await expect(media.getAttachment({ id: 'a1' }, contextOf())).rejects.toEqual(away);
  await expect(media.getAttachment({ id: 'a1' }, contextOf())).rejects.toEqual(failing({ reason: 'open' }));
  expect(await text((await media.exchange(get, contextOf())).body)).toBe('abc');
});
