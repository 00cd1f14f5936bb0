import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { openState, type StateOptions } from './open-state.js';
import type { SharedState } from './shared-state.js';

/** SHARED_STATE: token of the application's SharedState. */
export const SHARED_STATE = Symbol('shared state');

/** InjectState: parameter decorator for the application's SharedState. */
export const InjectState = (): ParameterDecorator => Inject(SHARED_STATE);

/** StateHealth: whether the engine of the shared state answers; `name` is the part that a readiness answer shows. */
@Injectable()
export class StateHealth implements OnApplicationShutdown {
  readonly name = 'state';

  constructor(@InjectState() private readonly state: SharedState) {}

  async ping(): Promise<void> {
    await this.state.ping();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.state.close();
  }
}

/** StateModule: what the replicas of an application share, for all its modules. Start-up fails with one line where the engine is away; closed at shutdown. */
@Module({})
export class StateModule {
  /** `instead`: another state than the configured one, in tests. */
  static forRoot(options: StateOptions, instead?: SharedState): DynamicModule {
    return {
      module: StateModule,
      global: true,
      providers: [{ provide: SHARED_STATE, useFactory: () => instead ?? openState(options) }, StateHealth],
      exports: [SHARED_STATE],
    };
  }
}
