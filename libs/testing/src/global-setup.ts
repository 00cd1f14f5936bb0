import { EmbeddedPostgres } from '@facet/database/embedded';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with the admin URL of the PostgreSQL that this run shares. */
    postgresSocket: string;
  }
}

let postgres: Promise<EmbeddedPostgres> | undefined;
let server: Server | undefined;

/** Starts the PostgreSQL that all test files of a run share, when the first of them asks for it. */
export function setup(project: TestProject): Promise<void> {
  const path = join(tmpdir(), `facet-tests-${process.pid}.sock`);
  project.provide('postgresSocket', path);
  server = createServer((socket) => {
    postgres ??= EmbeddedPostgres.start({ temporary: true, port: 0 });
    postgres.then(
      ({ url }) => socket.end(JSON.stringify({ url })),
      (error: Error) => socket.end(JSON.stringify({ problem: error.message })),
    );
    socket.on('error', () => undefined);
  });
  return rm(path, { force: true }).then(() => new Promise((resolve) => server?.listen(path, resolve)));
}

/** Ends it. */
export async function teardown(): Promise<void> {
  server?.close();
  await (await postgres?.catch(() => undefined))?.stop();
}
