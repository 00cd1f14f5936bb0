import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** What can be asked of `run.mjs`: for each command its help and what it does. `run` resolves to an exit code. Loaded before anything is installed. */
export const commands = {
  start: {
    help: `npm start [-- options]      Runs all of Facet on this machine: PostgreSQL, six services, three BFFs, the identity provider.

  --reset                   begin again with an empty database and the demo world
  --only NAME[,NAME…]       start these applications alone
  --without NAME[,NAME…]    start all but these, to see how the others cope
  --tls                     our own applications speak to each other by mutual TLS, as in production; see npm run certs
  --faults                  a proxy in front of each service, so that npm run fault can break connections as well
  --help                    this text

Settings, from the environment:
  DATABASE_URL              a PostgreSQL of yours, as its administrator, in place of the embedded one
  KAFKA_BROKERS             host:port[,host:port…] of Apache Kafka in place of the embedded event log
  FACET_PORT_OFFSET         added to every port, to run a second Facet beside the first
  FACET_WEB_HOST            127.0.0.1 for a web-bff on another site than the issuer, as in production; localhost unless set
  FACET_HOME                where data and secrets live; .facet in this folder unless set

Ctrl-C stops everything. Data survives until --reset.`,
    run: (args) => built(() => node('tools/constellation/dist/main.js', args)),
  },
  test: {
    help: 'npm test      Runs every suite on embedded parts, and against the servers named by DATABASE_URL, KAFKA_BROKERS and EUREKA_URL as well.',
    run: async (args) => (await import('./test.mjs')).runTests(args),
  },
  check: {
    help: 'npm run check      Format, build, lint, boundaries, types, cycles, shape, proto, documents, deploy files, then npm test. Exactly what CI runs.',
    run: async (args) => (await import('./check.mjs')).runCheck(args),
  },
  build: {
    help: 'npm run build      Builds what changed.',
    run: () => built(() => 0),
  },
  bench: {
    help: `npm run bench [-- options]      Measures what a request costs the gateways, beside what we compare ourselves with. Needs the machine for itself.

  --quick                   a look, in about a minute: short rounds of the four homes, or of those that are named
  --only NAME[,NAME…]       these workloads alone; an unknown name tells all of them
  --cpu-prof                profiles the gateways as well, beside the JSON, and prints their hottest functions
  --json FILE               where the figures go; tools/bench/results/last.json unless set
  --write                   puts the tables into docs/performance.md
  --help                    this text`,
    run: (args) => built(() => node('tools/bench/dist/main.js', args)),
  },
  soak: {
    help: `npm run soak [-- options]      What the engine promises and only the clock can judge, about half an hour. Needs the machine for itself. Exit code 1 where a goal is missed.

  --only PART[,PART…]       of abandon, storm, same, load, home, these alone
  --minutes N               load and home: how long each is under load; 10 unless told
  --requests N              abandon: how many; 10000 unless told
  --json FILE               where the figures go; tools/bench/results/soak.json unless told
  --help                    this text`,
    run: (args) => built(() => node('tools/bench/dist/soak/main.js', args)),
  },
  mutate: {
    help: `npm run mutate [-- LIBRARY…]      Breaks the cores of libs/aggregation and libs/downstream line by line and counts how many breaks their tests notice.

Fails below 80 %. Three minutes for aggregation, about forty for downstream.`,
    run: (args) => built(async () => (await import('./mutate.mjs')).runMutations(args)),
  },
  resilience: {
    help: `npm run resilience [-- BFF…]      Fails each service of each BFF in five ways under every endpoint, and writes what each answers to docs/resilience.md. About a minute.

Exit code 1 where an endpoint answers otherwise than it declares.`,
    run: (args) => built(async () => (await import('./observed-pages.mjs')).runResilience(args)),
  },
  access: {
    help: `npm run access [-- APPLICATION…]      Asks each BFF and each service for everything as everybody, and writes what each may do to docs/access.md. About a minute.`,
    run: (args) => built(async () => (await import('./observed-pages.mjs')).runAccess(args)),
  },
  attacks: {
    help: `npm run attacks [-- WORDS…]      Takes each defence of docs/security.md out of a clone, and shows that its test notices. About ten seconds each.

  --write                   writes the table of docs/security.md instead

Exit code 1 where a test passes without the defence that it is about.`,
    run: (args) => built(() => node('tools/attacks/dist/main.js', args)),
  },
  fault: {
    help: `npm run fault -- SERVICE[/METHOD] FAULT      Breaks a service of the running system on purpose, or one of its methods, until cleared. Development only.
npm run fault -- list      What is the matter.
npm run fault -- clear [SERVICE[/METHOD]]      Makes it whole again.

Faults of answers:
  slow 800ms[±100ms]        every call takes so much longer
  failing [STATUS]          every call fails: UNAVAILABLE, or another gRPC status or problem code
  garbage                   every answer is bytes that nobody can read
  flapping 500ms            failing and well by turns

Faults of connections, of a service as a whole, after npm start -- --faults:
  latency 200ms[±50ms]      answers arrive so much later
  bandwidth 10kB/s          so many bytes a second each way
  reset [after 4kB]         connections are reset, at once or after so many bytes
  half-open [after 4kB]     connections are accepted and read, and nothing comes back
  down                      connections are refused
  flapping 500ms --network  down and up by turns
  --direction DIRECTION     requests, answers or both, for the first four

npm run fault -- proxy 9000 127.0.0.1:5052 [FAULT…]      The same proxy on its own, from a port to an address, until Ctrl-C.`,
    run: (args) => built(() => node('tools/faults/dist/fault.js', args)),
  },
  import: {
    help: `npm run import -- FILE.ndjson [--skip-bad]      Loads a conversation into the running system: one {"room","user","text"} a line, in order.

The whole file is checked before the first write and every bad line is named; --skip-bad loads the others. Run twice it changes nothing.`,
    run: (args) => built(() => node('tools/demo/dist/import.js', args)),
  },
  identity: {
    help: `npm run identity -- COMMAND [options]      A command of the identity provider on the running system, such as: audit --limit 10. Without a command it says which there are.`,
    run: (args) => built(() => node('tools/constellation/dist/identity-command.js', args)),
  },
  'internal-token': {
    help: 'npm run internal-token -- USER SERVICE      Prints an internal token of a demo user for a service, such as: dave rooms-service. Development only.',
    run: (args) => built(() => node('tools/demo/dist/internal-token.js', args)),
  },
  certs: {
    help: `npm run certs [-- options]      Makes a certificate for each application, signed by a development authority of this installation.

  --renew                   new ones for all; else only where there is none that lasts for a third of its time
  --days N                  how long they last; 7 unless told, 90 at most
  --folder PATH             where they lie; .facet/certs unless told
  --help                    this text

Applications that run with them (npm start -- --tls, docker compose) take new ones without a restart.`,
    run: (args) => built(() => node('tools/certs/dist/main.js', args)),
  },
  'compose-env': {
    help: 'npm run compose-env      Writes .env with fresh secrets for docker-compose.yml. Never over an existing one.',
    run: () => built(() => node('tools/constellation/dist/compose-env.js', [])),
  },
};

async function built(then) {
  const { ensureBuilt } = await import('./build.mjs');
  return ensureBuilt() || then();
}

function node(script, args) {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
}
