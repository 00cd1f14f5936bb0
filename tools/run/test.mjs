import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { nx } from './steps.mjs';

const servers = ['DATABASE_URL', 'KAFKA_BROKERS', 'REDIS_URL', 'EUREKA_URL'];
const results = 'test-results.json';
const journeys = 'system-e2e';

/**
 * Runs every suite on the embedded parts and then, where a real server is named in the environment, those suites that talk to one against it.
 * The journeys come last and alone: they run the whole system. Ends with the count over all suites. Returns an exit code.
 */
export function runTests(args) {
  const named = servers.filter((name) => process.env[name]);
  const withoutServers = Object.fromEntries(servers.map((name) => [name, undefined]));
  const all = [suites('on embedded parts', args.length > 0 ? args : ['--exclude', journeys], withoutServers)];
  if (args.length === 0) all.push(suites('of the whole system', ['-p', journeys], withoutServers));
  if (named.length > 0 && args.length === 0) {
    all.push(suites(`on ${named.join(' and ')}`, ['-p', 'tag:needs:servers', '--exclude', journeys], {}));
    all.push(suites(`of the whole system on ${named.join(' and ')}`, ['-p', journeys], {}));
  }
  const sum = (field) => all.reduce((total, each) => total + each[field], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return Number(all.some(({ status }) => status !== 0));
}

function suites(which, args, env) {
  console.log(`\nSuites ${which}`);
  for (const file of resultFiles()) rmSync(file);
  // Each suite has two workers of its own; with two suites at once those that have to answer in time would not.
  const status = nx(['run-many', '-t', 'test', ...args, '--outputStyle=static'], { env, parallel: 1 });
  const reports = resultFiles().map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
  return { status, passed: sum('numPassedTests'), failed: sum('numFailedTests'), skipped: sum('numPendingTests') };
}

function resultFiles() {
  return globSync(`{apps,libs,tools}/*/${results}`, { cwd: root }).map((file) => join(root, file));
}
