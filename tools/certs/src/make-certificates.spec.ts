import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tlsFilesIn } from './certificate-folder.js';
import { makeCertificates } from './make-certificates.js';

let folder: string;
const dayMs = 86_400_000;
const names = ['rooms-service', 'web-bff'];
const make = (renew = false) => makeCertificates({ folder, names, days: 3, renew });
const read = (name: string) => {
  const { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE } = tlsFilesIn(folder, name);
  const [cert, key, ca] = [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE].map((path) => readFileSync(path, 'utf8')) as [string, string, string];
  return { leaf: new X509Certificate(cert), key: createPrivateKey(key), ca: new X509Certificate(ca), cert };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-certs-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it('each application has its own name, its own key, and one authority', async () => {
  await make();
  const [rooms, web] = names.map(read);
  expect(rooms!.leaf.subjectAltName).toBe('URI:spiffe://facet/rooms-service, IP Address:127.0.0.1, DNS:localhost, DNS:rooms-service');
  expect(rooms!.leaf.checkPrivateKey(rooms!.key)).toBe(true);
  expect(rooms!.leaf.checkPrivateKey(web!.key)).toBe(false);
  for (const { leaf, ca } of [rooms!, web!]) {
    expect(leaf.verify(ca.publicKey) && leaf.checkIssued(ca)).toBe(true);
    expect([leaf.ca, ca.ca]).toEqual([false, true]);
  }
  expect(rooms!.ca.fingerprint256).toBe(web!.ca.fingerprint256);
});

it('nobody but their owner reads them', async () => {
  await make();
  for (const path of Object.values(tlsFilesIn(folder, 'web-bff'))) expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('those that are good stay as they are, unless they are to be renewed', async () => {
  await make();
  const before = read('web-bff');
  await make();
  expect(read('web-bff').cert).toBe(before.cert);
  await make(true);
  expect(read('web-bff').cert).not.toBe(before.cert);
  expect(read('web-bff').ca.fingerprint256).toBe(before.ca.fingerprint256);
});

it('those in the last third of their time are made anew, and all of them where the authority is', async () => {
  await make();
  const before = read('web-bff');
  vi.useFakeTimers({ now: Date.now() + 2.1 * dayMs, toFake: ['Date'] });
  await make();
  const next = read('web-bff');
  expect(next.cert).not.toBe(before.cert);
  vi.setSystemTime(Date.now() + 300 * dayMs);
  await make();
  expect(read('web-bff').ca.fingerprint256).not.toBe(next.ca.fingerprint256);
  expect(read('web-bff').leaf.verify(read('web-bff').ca.publicKey)).toBe(true);
});
