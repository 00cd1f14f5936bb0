import { Module, type DynamicModule } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import type { Targets } from '../processes/synthetic-services.js';
import { root } from '../processes/module-of.js';
import { PlainHomeController } from './plain-nest.controller.js';

const domains = ['users', 'rooms', 'notifications', 'presence'] as const;

/** Frozen. What Nest's documentation shows: a ClientGrpc for each service, from its .proto file. */
@Module({})
export class PlainModule {
  static forRoot(targets: Targets): DynamicModule {
    const clients = domains.map((domain) => ({
      name: domain,
      transport: Transport.GRPC as const,
      options: {
        package: `facet.${domain}.v1`,
        protoPath: `facet/${domain}/v1/${domain}.proto`,
        url: targets[domain].replace('static:', ''),
        loader: { includeDirs: [`${root}proto`], enums: String, longs: Number, defaults: true, oneofs: true },
      },
    }));
    return { module: PlainModule, imports: [ClientsModule.register(clients)], controllers: [PlainHomeController] };
  }
}
