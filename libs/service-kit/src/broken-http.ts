import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { ProblemError } from '@facet/errors';
import { problemBody } from './problem.js';

/** refuseBrokenHttp: answers what is not even HTTP. There is no request to speak of, only a socket. */
export function refuseBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new ProblemError('invalid-request', { detail: brokenHttp[error.code ?? ''] ?? 'The request is not HTTP.' });
  const body = JSON.stringify(problemBody(problem, randomUUID()));
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\nconnection: close\r\ncache-control: no-store\r\n\r\n${body}`);
}

const brokenHttp: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The headers are too large.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
};
