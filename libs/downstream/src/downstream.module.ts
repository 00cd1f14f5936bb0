import { InternalTokenMinter } from '@facet/auth';
import type { Report } from '@facet/discovery';
import { Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { connectClients, type ClientOptions, type ClientsOf, type Connected, type ConnectOptions } from './connect-clients.js';
import { LastGood } from './last-good.js';

/** DownstreamOptions: the application's `Downstream`, an abstract class with an abstract client per service, and how each is reached. */
export interface DownstreamOptions<T extends ClientsOf<C>, C extends Readonly<Record<string, ClientOptions>>> extends ConnectOptions<C> {
  readonly token: abstract new () => T;
  readonly clients: C & Readonly<Record<keyof T, ClientOptions>>;
}

/** Closes the channels once no request is served any more. */
class Connections implements OnApplicationShutdown {
  constructor(private readonly close: () => void) {}

  onApplicationShutdown(): void {
    this.close();
  }
}

const logger = new Logger('discovery');
const report: Report = (level, message, error) => {
  const text = error instanceof Error ? `${message}: ${error.message}` : message;
  if (level === 'info') logger.log(text);
  else logger.warn(text);
};

/** DownstreamModule: the application's clients under the token of its own `Downstream`, and what they keep (`LastGood`) and know of callers (`InternalTokenMinter`). */
@Module({})
export class DownstreamModule {
  static forRoot<T extends ClientsOf<C>, const C extends Readonly<Record<string, ClientOptions>>>({
    token,
    ...options
  }: DownstreamOptions<T, C>): DynamicModule {
    let connected: Connected<C> | undefined;
    // When the application starts, which tells in one line what is wrong.
    const connect = () => (connected ??= connectClients({ report, ...options }));
    return {
      module: DownstreamModule,
      global: true,
      providers: [
        { provide: token, useFactory: () => connect().clients },
        { provide: LastGood, useFactory: () => connect().lastGood },
        { provide: InternalTokenMinter, useFactory: () => connect().minter },
        { provide: Connections, useFactory: () => new Connections(connect().close) },
      ],
      exports: [token, LastGood, InternalTokenMinter],
    };
  }
}
