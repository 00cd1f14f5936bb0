import { Module, type CanActivate, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokenStrategy, type AccessTokenOptions } from './access-token-strategy.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { AccessGuard } from './access.guard.js';
import { AuthenticationGuard } from './authentication.guard.js';

/** AuthModuleOptions: whose tokens this BFF accepts, and which guards stand between knowing the caller and letting it in. */
export interface AuthModuleOptions extends AccessTokenOptions {
  /** Guards that see the caller and run before anybody is refused: throttling. */
  readonly between?: readonly Type<CanActivate>[];
  /** Modules that give those guards what they need. */
  readonly imports?: ModuleMetadata['imports'];
}

/**
 * AuthModule: every route of the application is guarded, in this order: who is calling (AuthenticationGuard), the guards `between`, whether they may
 * (AccessGuard). Exports AccessTokenVerifier.
 */
@Module({})
export class AuthModule {
  static forRoot({ between = [], imports = [], ...options }: AuthModuleOptions): DynamicModule {
    const strategy = new AccessTokenStrategy(options);
    const guards: Type<CanActivate>[] = [AuthenticationGuard, ...between, AccessGuard];
    return {
      module: AuthModule,
      global: true,
      imports,
      providers: [
        { provide: AccessTokenStrategy, useValue: strategy },
        { provide: AccessTokenVerifier, useValue: new AccessTokenVerifier(strategy) },
        ...guards.map((guard) => ({ provide: APP_GUARD, useClass: guard })),
      ],
      exports: [AccessTokenVerifier],
    };
  }
}
