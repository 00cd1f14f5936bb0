import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startManagementServer, type ManagementServer, type ManagementServerOptions } from './management-server.js';
import { counter } from './metrics.js';

let server: ManagementServer | undefined;
const start = async (options: Partial<ManagementServerOptions> = {}) =>
  (server = await startManagementServer({ host: '127.0.0.1', port: 0, ...options }));
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('the management server', () => {
  it('serves the metrics of the process, and what it counted', async () => {
    counter({ name: 'facet_test_total', help: 'Counted by a test.', labels: ['kind'] }).inc({ kind: 'one' }, 3);
    const { port } = await start();
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('facet_test_total{kind="one"} 3');
    expect(text).toContain('process_cpu_user_seconds_total');
  });

  it('counts one metric under one name, however often it is asked for', () => {
    expect(counter({ name: 'facet_again_total', help: 'h' })).toBe(counter({ name: 'facet_again_total', help: 'h' }));
  });

  it('serves nothing else', async () => {
    const { port } = await start();
    await expect(fetch(`http://127.0.0.1:${port}/`)).resolves.toMatchObject({ status: 404 });
    await expect(fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).resolves.toMatchObject({ status: 404 });
  });

  it('says nothing of why it cannot render', async () => {
    const { port } = await start({ render: () => Promise.reject(new Error('secret')) });
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.status).toBe(500);
    await expect(answer.text()).resolves.not.toContain('secret');
  });

  it('does not start where its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    await expect(start({ port: (other.address() as AddressInfo).port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});
