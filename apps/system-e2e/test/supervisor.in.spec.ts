import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Pages } from '../src/pages.js';
import { Person, until } from '../src/person.js';
import { enter, Phone } from '../src/phone.js';
import { RunningFacet } from '../src/running-facet.js';

let facet: RunningFacet;
beforeAll(async () => {
  facet = await RunningFacet.install(12_000, { besides: inject('home') });
  await facet.start();
}, 120_000);
afterAll(() => facet.remove());

/** Process ids of what runs with this installation's folder in its environment and this text in its command line. */
function processes(text: string): number[] {
  const lines = execFileSync('ps', ['eaxww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  return lines.filter((line) => line.includes(facet.home) && line.includes(text)).map((line) => Number.parseInt(line, 10));
}

/** People at each step of signing in, and who go on from there. */
async function beginSignIns() {
  const { urls } = facet.demo;
  const returning = `${urls.web}/bff/login?returnTo=/graphql`;
  const user = (cookie: string) => fetch(`${urls.web}/bff/user`, { headers: { cookie, 'x-csrf': '1' } });
  const [halfway, inside] = [new Pages(), new Pages()];
  const form = await halfway.open(returning);
  await enter(inside, await inside.open(returning), 'carol');
  const [arriving, calling] = [await Phone.of(facet.demo), await Phone.of(facet.demo)];
  const arrival = await arriving.arrive('dave');
  const tokens = await calling.signIn('bob');
  expect(await calling.statusOf(tokens.access_token, calling.key)).toBe(200);
  return {
    async goOn() {
      expect((await enter(halfway, form, 'alice')).url).toBe(`${urls.web}/graphql`);
      for (const browser of [halfway, inside]) expect((await user(browser.cookie)).status).toBe(200);
      const redeemed = await arriving.redeem(arrival);
      expect(await arriving.statusOf(redeemed.access_token, arriving.key)).toBe(200);
      expect(await calling.statusOf(tokens.access_token, calling.key)).toBe(200);
      const refreshed = await calling.refresh(tokens.refresh_token!);
      expect(await calling.statusOf(refreshed.access_token, calling.key)).toBe(200);
    },
  };
}

describe('the supervisor', () => {
  it('heals a child that was killed while the others serve', async () => {
    const alice = new Person(facet.demo, 'alice');
    expect((await alice.mobile('GET', '/home')).status).toBe(200);
    const [before] = processes('apps/presence-service/dist/main.js');
    process.kill(before!, 'SIGKILL');
    expect((await alice.mobile('GET', '/home')).status).toBe(200);
    const healed = await until(
      () => alice.mobile('GET', '/home'),
      ({ body }) => body.degraded.length === 0 && processes('apps/presence-service/dist/main.js')[0] !== before,
      15_000,
    );
    expect(healed.body.degraded).toEqual([]);
    expect(processes('apps/presence-service/dist/main.js')[0]).not.toBe(before);
  }, 60_000);

  it('loses nothing when everything is killed at once', async () => {
    const alice = new Person(facet.demo, 'alice');
    const posted = await alice.mobile('POST', `/rooms/${facet.demo.rooms['general']}/messages`, {
      text: 'remember me',
      clientId: crypto.randomUUID(),
    });
    const signedIn = await beginSignIns();
    for (const pid of processes('')) process.kill(pid, 'SIGKILL');
    await facet.stop();
    await facet.start();
    expect(
      (await new Person(facet.demo, 'alice').mobile('GET', `/rooms/${facet.demo.rooms['general']}/messages/${posted.body.id}`)).body.text,
    ).toBe('remember me');
    await signedIn.goOn();
  }, 90_000);

  it('stops everything within 5 s and leaves nothing behind', async () => {
    expect(await facet.stop()).toBeLessThan(5_000);
    expect(processes('')).toEqual([]);
  }, 30_000);

  it('takes the others with it when it is killed itself, so that nothing is in the way of the next start', async () => {
    await facet.start();
    const [supervisor] = processes('tools/constellation/dist/main.js');
    process.kill(supervisor!, 'SIGKILL');
    expect(
      await until(
        () => Promise.resolve(processes('')),
        (left) => left.length === 0,
        15_000,
      ),
    ).toEqual([]);
    await facet.stop();
  }, 60_000);

  it('without presence-service draws a home that says so', async () => {
    await facet.start('--without', 'presence-service');
    // The first calls of processes that have just started may take longer than a screen waits: that is a 504, and no answer to the question.
    const { status, headers, body } = await until(
      () => new Person(facet.demo, 'alice').mobile('GET', '/home'),
      (answer) => answer.status !== 504,
      15_000,
    );
    expect(status).toBe(200);
    expect(body.degraded).toEqual(['presence']);
    expect(body.rooms.every(({ online }: { online: number | null }) => online === null)).toBe(true);
    expect(headers.get('facet-degraded')).toMatch(/^presence;reason=(unavailable|timeout|open)$/);
    expect(headers.get('cache-control')).toBe('no-store');
    await facet.stop();
  }, 60_000);

  it('without rooms-service says when to come back, within the budget', async () => {
    await facet.start('--without', 'rooms-service');
    const startedAt = Date.now();
    const { status, headers, body } = await new Person(facet.demo, 'alice').mobile('GET', '/home');
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(status).toBe(503);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body.code).toBe('dependency-unavailable');
    await facet.stop();
  }, 60_000);

  it('names a port that is in use, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(16_002, '127.0.0.1', resolve));
    await expect(facet.start()).rejects.toThrow(/ended with 1:\n(.*\n)*Port 16002 of mobile-bff is in use\. .*FACET_PORT_OFFSET/);
    await new Promise((resolve) => other.close(resolve));
  }, 30_000);

  it('refuses an application that does not exist', async () => {
    await expect(facet.start('--only', 'nothing')).rejects.toThrow('There is no application nothing');
  });
});
