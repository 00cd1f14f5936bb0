import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findServer } from './find-server.js';
import type { Cluster } from './postgres-cluster.js';
import { failureOf, folderInUse } from './postgres-failure.js';

/** RunningServer: a server that accepts connections. */
export interface RunningServer {
  stop(): Promise<void>;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 120,
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  max_worker_processes: 2,
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
};
const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '10min' };

/** The server stops when this shell's standard input ends, so it never outlives the process that holds the other end, however that one dies. */
const guard = `exec 3<&0
"$@" </dev/null & server=$!
(read -r line <&3; kill -s "$STOP" $server) & watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
[ -n "$REMOVE" ] && rm -rf "$REMOVE"
exit $code`;

const predecessorMs = 8_000;

/** Starts the server of a cluster and waits until it accepts connections. */
export async function startServer(cluster: Cluster, port: number): Promise<RunningServer> {
  const giveUpAt = Date.now() + predecessorMs;
  for (;;) {
    await awaitPredecessor(cluster.home, giveUpAt);
    const child = await spawnServer(cluster, port);
    const ended = new Promise<void>((resolve) => child.once('error', () => resolve()).once('exit', () => resolve()));
    if (await isReady(cluster, child)) {
      child.unref();
      (child.stdin as Socket).unref();
      return { stop: () => stopServer(child, ended) };
    }
    const output = await readFile(join(cluster.home, 'server.log'), 'utf8').catch(() => '');
    // Of a killed server a worker may live a moment longer than its parent.
    if (!/pre-existing shared memory block/.test(output) || Date.now() > giveUpAt) throw failureOf(output, { folder: cluster.home, port });
    await pause(200);
  }
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.ref();
  child.stdin?.end();
  await ended;
}

async function spawnServer({ home, native, account, temporary }: Cluster, port: number): Promise<ChildProcess> {
  const values = { ...settings, port, ...(temporary && fastSettings) };
  const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(join(home, 'server.log'), 'w');
  try {
    return spawn('/bin/sh', ['-c', guard, 'facet-postgres', join(native, 'bin', 'postgres'), '-D', join(home, 'data'), ...flags], {
      ...account,
      cwd: '/',
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', STOP: temporary ? 'QUIT' : 'INT', REMOVE: temporary ? home : '' },
    });
  } finally {
    await log.close();
  }
}

/** The eighth line of postmaster.pid says `ready` once connections are accepted. */
async function isReady({ home }: Cluster, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const lines = (await readFile(join(home, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[7]?.trim() === 'ready') return true;
    await pause(20);
  }
  return false;
}

/**
 * A server whose starter was killed a moment ago is still on its way down: waits for it, and pushes it where its guard is gone too. A postmaster.pid that
 * names a process which is no server of this folder (the number was given away again) is removed: PostgreSQL would refuse to start for its sake.
 */
async function awaitPredecessor(home: string, giveUpAt: number): Promise<void> {
  const data = join(home, 'data');
  const file = join(data, 'postmaster.pid');
  for (;;) {
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    if (!pid) return;
    const server = await findServer(pid, data);
    if (!server) return await rm(file, { force: true });
    if (server.orphaned) process.kill(pid, 'SIGINT');
    if (Date.now() > giveUpAt) throw folderInUse(home, pid);
    await pause(100);
  }
}
