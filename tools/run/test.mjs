import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { nx } from './steps.mjs';

const servers = ['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL'];
const results = 'test-results.json';

/**
 * Runs every suite on the embedded parts and then, where a real server is named in the environment, those suites that talk to one against it.
 * Ends with the count over all suites. Returns an exit code.
 */
export function runTests(args) {
  const named = servers.filter((name) => process.env[name]);
  const embedded = suites('embedded parts', ['run-many', '-t', 'test', ...args], Object.fromEntries(servers.map((name) => [name, ''])));
  const real =
    named.length > 0
      ? suites(`real servers (${named.join(', ')})`, ['run-many', '-t', 'test', '-p', 'tag:needs:servers', ...args], {})
      : none;
  console.log(
    `\n${embedded.passed + real.passed} passed, ${embedded.failed + real.failed} failed, ${embedded.skipped + real.skipped} skipped`,
  );
  return embedded.status || real.status;
}

const none = { status: 0, passed: 0, failed: 0, skipped: 0 };

function suites(on, nxArgs, env) {
  console.log(`\nSuites on ${on}`);
  for (const file of resultFiles()) rmSync(file);
  const status = nx([...nxArgs, '--outputStyle=static'], { env });
  const reports = resultFiles().map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
  return { status, passed: sum('numPassedTests'), failed: sum('numFailedTests'), skipped: sum('numPendingTests') };
}

function resultFiles() {
  return globSync(`{apps,libs,tools}/*/${results}`, { cwd: root }).map((file) => join(root, file));
}
