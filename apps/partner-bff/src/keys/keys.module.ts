import { kindOfPartnerKeys, Revocations } from '@facet/auth';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { connectIdentity, type Identity } from './identity.js';
import { KeyUses } from './key-uses.js';
import { KnownKeys } from './known-keys.js';

/** Closes the connection once no request is served any more. */
class Connection implements OnApplicationShutdown {
  readonly identity: Identity;
  readonly #close: () => void;

  constructor(config: Config) {
    const { identity, close } = connectIdentity(config);
    this.identity = identity;
    this.#close = close;
  }

  onApplicationShutdown(): void {
    this.#close();
  }
}

/** Keys of partners: what is known of them, and when they are used. */
@Module({})
export class KeysModule {
  static forRoot(config: Config): DynamicModule {
    const kind = kindOfPartnerKeys(config.FACET_ENV);
    const knownKeys = ({ identity }: Connection, revocations: Revocations) => {
      const known = new KnownKeys(identity, revocations, kind);
      revocations.onRevoked((isOver) => known.forgetCallers(isOver));
      return known;
    };
    return {
      module: KeysModule,
      providers: [
        { provide: Connection, useFactory: () => new Connection(config) },
        { provide: KnownKeys, inject: [Connection, Revocations], useFactory: knownKeys },
        { provide: KeyUses, inject: [Connection], useFactory: ({ identity }: Connection) => new KeyUses(identity) },
      ],
      exports: [KnownKeys, KeyUses],
    };
  }
}
