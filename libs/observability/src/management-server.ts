import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsContentType, renderMetrics } from './metrics.js';

/** ManagementServerOptions: where it listens (port 0: the system chooses), and what `/metrics` answers. */
export interface ManagementServerOptions {
  readonly host: string;
  readonly port: number;
  readonly render?: () => Promise<string>;
}

/** ManagementServer: a listener that is not for the public. */
export interface ManagementServer {
  readonly port: number;
  close(): Promise<void>;
}

/** startManagementServer: `GET /metrics` for Prometheus on a listener of its own, apart from what clients can reach. Rejects when it cannot listen. */
export async function startManagementServer({ host, port, render = renderMetrics }: ManagementServerOptions): Promise<ManagementServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return answer(response, 404, 'Only GET /metrics is served here.\n');
    render().then(
      (text) => answer(response, 200, text, metricsContentType),
      () => answer(response, 500, 'The metrics cannot be rendered.\n'),
    );
  });
  await listen(server, port, host);
  const { port: chosen } = server.address() as AddressInfo;
  return { port: chosen, close: () => close(server) };
}

function answer(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' }).end(text);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
