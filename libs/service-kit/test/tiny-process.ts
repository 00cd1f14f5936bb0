// A whole application as a process of its own, for bootstrap.in.spec.ts. Node runs it as it stands, on the built library. What it does besides serving is its first argument.
// eslint-disable-next-line @nx/enforce-module-boundaries -- a process runs the built library, as every application does
import { bootstrap, grpcServer } from '@facet/service-kit';

const [mischief, port = '0'] = process.argv.slice(2);

class Root {
  onModuleInit(): void {
    if (mischief === 'fail') throw new Error('The database is away.');
  }

  onApplicationBootstrap(): void {
    if (mischief === 'throw') setImmediate(() => void Promise.reject(new Error('nobody caught it')));
  }

  async onApplicationShutdown(): Promise<void> {
    if (mischief === 'hang') await new Promise(() => setTimeout(() => undefined, 60_000));
  }
}

await bootstrap({
  name: 'tiny-service',
  config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'info', SHUTDOWN_MS: mischief === 'hang' ? 300 : 5_000 },
  module: { module: Root },
  server: grpcServer({ services: [], port: Number(port), internalKeys: {} }),
});
