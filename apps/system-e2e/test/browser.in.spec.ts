import { existsSync } from 'node:fs';
import { TOTP } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const executablePath = '/usr/bin/chromium';
const { identity, web } = inject('demo').urls;
const jwt = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/;
const stepMs = 30_000;

/** Everything that the BFF sent this browser's pages. */
const received: string[] = [];
let browser: Browser;
let context: BrowserContext;
let page: Page;
let authenticatorKey: string;

const person = { username: `zoe${Date.now() % 1_000_000}`, password: 'a lamp between two rivers', name: 'Zoe' };
const email = `${person.username}@example.org`;

/** The app's code; each step's is good once, and one step of drift either side is allowed. */
const codeOf = (step: -1 | 0 | 1) => new TOTP({ secret: authenticatorKey }).generate({ timestamp: Date.now() + step * stepMs });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const toWeb = () => page.goto(`${web}/bff/login?returnTo=/graphql`);
const atWeb = () => page.waitForURL(`${web}/graphql`);

/** As the page's own scripts would ask. */
const askFromPage = (path: string, headers: Record<string, string> = { 'x-csrf': '1' }, body?: string) =>
  page.evaluate(
    async ([path, headers, body]) => {
      const init = body === undefined ? { headers } : { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } };
      const response = await fetch(path, init);
      return { status: response.status, text: await response.text() };
    },
    [path, headers, body] as const,
  );

async function signOut(): Promise<void> {
  const { text } = await askFromPage('/bff/user');
  await page.goto(web + (JSON.parse(text) as { logoutUrl: string }).logoutUrl);
  await press('Sign out');
}

/** What a script of the page can read of what the browser keeps. */
const readable = () => page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));

describe.skipIf(!existsSync(executablePath))('in a browser, with the issuer on another site', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    context = await browser.newContext();
    page = await context.newPage();
    page.on('response', async (response) => {
      if (!response.url().startsWith(web)) return;
      const body = await response.text().catch(() => '');
      received.push(JSON.stringify(await response.allHeaders()).replace(/"location":"[^"]*"/, ''), body);
    });
    const devTools = await context.newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
  });
  afterAll(() => browser?.close());

  it('somebody signs up, by the code that was mailed, and lands where he wanted to be', async () => {
    expect(new URL(identity).hostname).not.toBe(new URL(web).hostname);
    await toWeb();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('E-mail').fill(email);
    for (const [label, value] of [
      ['Username', person.username],
      ['Name', person.name],
      ['Password', person.password],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(value);
    await press('Sign up');
    const mailbox = await context.newPage();
    await mailbox.goto(`${identity}/dev/mailbox`);
    const letter = await mailbox.locator('li', { hasText: email }).first().innerText();
    await mailbox.close();
    await page.getByLabel('Code').fill(/\b\d{6}\b/.exec(letter)![0]);
    await press('Continue');
    await atWeb();
  });

  it('is then known to the page, whose scripts see no token and no cookie', async () => {
    const user = await askFromPage('/bff/user');
    expect(user.status).toBe(200);
    const me = await askFromPage('/graphql', { 'x-csrf': '1' }, '{"query":"{ me { username } }"}');
    expect(JSON.parse(me.text)).toEqual({ data: { me: { username: person.username } } });
    expect((await askFromPage('/bff/user', {})).status).toBe(403);
    expect(JSON.parse(await readable())[0]).toBe('');
    expect(await readable()).not.toMatch(jwt);
    expect(received.length).toBeGreaterThan(3);
    expect(received.join('\n')).not.toMatch(jwt);
    const cookies = await context.cookies(web);
    const session = cookies.find(({ name }) => name === '__Host-facet-session');
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: new URL(web).hostname });
  });

  it('sets up an authenticator app by its picture’s key', async () => {
    await page.goto(`${identity}/account`);
    await press('Set up an authenticator app');
    expect(await page.locator('img').getAttribute('src')).toMatch(/^data:image\/png/);
    authenticatorKey = (await page.locator('code').innerText()).replaceAll(' ', '');
    await page.getByLabel('Code').fill(codeOf(-1));
    await press('Continue');
    expect(await page.locator('li code').count()).toBe(10);
  });

  it('adds a passkey, after proving both factors', async () => {
    await page.goto(`${identity}/account`);
    await press('Add a passkey');
    await page.getByLabel('E-mail or username').fill(person.username);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await press('Sign in');
    await page.getByLabel('Code').fill(codeOf(0));
    await press('Continue');
    await page.waitForURL(`${identity}/account**`);
    await press('Add a passkey');
    const passkey = page.locator('li strong', { hasText: 'Passkey' });
    await passkey.waitFor();
    expect(await passkey.count()).toBe(1);
  });

  it('signs out, and in again by password and app', async () => {
    await page.goto(`${web}/graphql`);
    await signOut();
    await toWeb();
    await page.getByLabel('E-mail or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await press('Sign in');
    await page.getByLabel('Code').fill(codeOf(1));
    await press('Continue');
    await atWeb();
    expect(JSON.parse((await askFromPage('/bff/user')).text)).toMatchObject({ claims: { acr: 'urn:facet:acr:2' } });
  });

  it('and by passkey alone', async () => {
    await signOut();
    await toWeb();
    await press('Sign in with a passkey');
    await atWeb();
    const { claims } = JSON.parse((await askFromPage('/bff/user')).text) as { claims: { acr: string; amr: string[] } };
    expect(claims).toMatchObject({ acr: 'urn:facet:acr:2', amr: expect.arrayContaining(['mfa']) });
    expect(await readable()).not.toMatch(jwt);
  });

  it('a page of another site cannot act for who is signed in', async () => {
    const elsewhere = await context.newPage();
    await elsewhere.goto('about:blank');
    const outcome = await elsewhere.evaluate(
      (url) =>
        fetch(url, { headers: { 'x-csrf': '1' }, credentials: 'include' }).then(
          ({ status }) => status,
          () => 'blocked',
        ),
      `${web}/bff/user`,
    );
    await elsewhere.close();
    expect(outcome).toBe('blocked');
  });
});
