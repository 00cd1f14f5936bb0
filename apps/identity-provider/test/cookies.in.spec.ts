import { describe, expect, it } from 'vitest';
import { ask, browserAt, clients, enter, redirects } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer, startIdentity } from './start-identity.js';

let world: DemoWorld;
inDemoWorld((ready) => (world = ready));

const asking = new URLSearchParams({
  client_id: 'web-app',
  response_type: 'code',
  redirect_uri: redirects.web,
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
}).toString();
const cookiesOf = (response: Response) => response.headers.getSetCookie();
const path = (url: string) => url.replace(issuer, world.identity.url);

describe('cookies of the issuer', () => {
  it.each(['https://identity.test', 'http://localhost:4000', 'http://127.0.0.1:4000'])(
    'of %s are kept for that very host, over TLS or on the machine itself, and from scripts',
    async (name) => {
      const other = await startIdentity(world.database, 'development', { CLIENTS: clients, ISSUER_URL: name });
      const cookies = cookiesOf(await fetch(`${other.url}/auth?${asking}`, { redirect: 'manual' }));
      expect(cookies.filter((each) => /^__Host-facet_(interaction|resume)-[\w-]+=/.test(each))).toHaveLength(2);
      for (const cookie of cookies)
        expect(cookie).toMatch(/^__Host-[^;]+; path=\/; (expires=[^;]+; )?samesite=lax; secure; httponly(; expires=[^;]+)?$/);
      await other.stop();
    },
  );

  it('of a host that is reached without TLS, from elsewhere, claim nothing that browsers would refuse', async () => {
    const other = await startIdentity(world.database, 'development', { CLIENTS: clients, ISSUER_URL: 'http://identity.test' });
    const cookies = cookiesOf(await fetch(`${other.url}/auth?${asking}`, { redirect: 'manual' }));
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).not.toMatch(/__Host-|secure/);
    await other.stop();
  });

  it('tell sign-ins of one browser apart, and are gone once a sign-in is done', async () => {
    const browser = browserAt(world.identity);
    const [one, two] = [await ask(world.web, redirects.web), await ask(world.web, redirects.web)];
    const pages = [await browser.get(one.url), await browser.get(two.url)];
    const ofSignIns = () => browser.cookies().filter((name) => /interaction|resume/.test(name));
    expect(ofSignIns()).toHaveLength(8);
    expect((await enter(browser, pages[0]!, 'alice')).url).toContain(`state=${one.checks.expectedState}`);
    expect(ofSignIns()).toHaveLength(4);
    expect(browser.cookies()).toContain('__Host-facet_session');
    expect((await browser.get(pages[1]!.url)).body).toContain('name="password"');
  });

  it('are few, however many sign-ins somebody begins', async () => {
    const browser = browserAt(world.identity);
    for (let count = 0; count < 20; count++) await browser.get((await ask(world.web, redirects.web)).url);
    expect(browser.cookies().filter((name) => /interaction-[\w-]+$/.test(name)).length).toBeLessThanOrEqual(10);
  });

  it('that another host of the same site could have set are not read', async () => {
    const mine = browserAt(world.identity);
    const page = await mine.get((await ask(world.web, redirects.web)).url);
    const names = mine.cookies();
    const sent = (prefix: string) => names.map((name, index) => `${name.replace('__Host-', prefix)}=${mine.values()[index]}`).join('; ');
    const statusWith = async (cookie: string) => (await fetch(path(page.url), { headers: { cookie } })).status;
    expect(await statusWith(sent('__Host-'))).toBe(200);
    expect(await statusWith(sent(''))).toBe(400);
  });
});
