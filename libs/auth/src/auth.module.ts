import { Module, type CanActivate, type DynamicModule, type InjectionToken, type ModuleMetadata, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccessTokens, type AccessTokenOptions } from './access-tokens.js';
import { AuthenticationGuard, STEPS } from './authentication.guard.js';
import type { AuthenticationStep } from './authentication-step.js';
import { Challenges, type ChallengesOptions } from './challenges.js';
import { refuseRevoked } from './refuse-revoked.js';
import { Revocations } from './revocations.js';

/** AuthModuleOptions: whose tokens this BFF accepts, how it finds out who is calling, and which guards stand between that and letting the caller in. */
export interface AuthModuleOptions extends AccessTokenOptions {
  /** The BFF's table of steps, made of AccessTokens and whatever else it asks for. */
  readonly steps: (tokens: AccessTokens, ...others: never[]) => readonly AuthenticationStep[];
  /** What the steps are given beside AccessTokens, in this order. */
  readonly inject?: readonly InjectionToken[];
  /** Guards that see the caller and run before anybody is refused: throttling. */
  readonly between?: readonly Type<CanActivate>[];
  /** What a refusal says of the application; that it takes bearer tokens unless told. */
  readonly challenges?: ChallengesOptions;
  /** Modules that give guards and steps what they need. */
  readonly imports?: ModuleMetadata['imports'];
}

/**
 * AuthModule: every route of the application is guarded, in this order: who is calling (AuthenticationGuard), the guards `between`, whether they may
 * (AccessGuard). Where the application has Revocations, the table of steps ends with `refuseRevoked`, so that none can forget it. Exports AccessTokens and
 * Challenges.
 */
@Module({})
export class AuthModule {
  static forRoot({ steps, inject = [], between = [], imports = [], challenges, ...options }: AuthModuleOptions): DynamicModule {
    const table = (revocations: Revocations | undefined, ...given: unknown[]) => [
      ...(steps as (...given: unknown[]) => readonly AuthenticationStep[])(...given),
      ...(revocations ? [refuseRevoked(revocations)] : []),
    ];
    const guards: Type<CanActivate>[] = [AuthenticationGuard, ...between, AccessGuard];
    return {
      module: AuthModule,
      global: true,
      imports,
      providers: [
        { provide: AccessTokens, useFactory: () => new AccessTokens(options) },
        { provide: Challenges, useValue: new Challenges(challenges) },
        { provide: STEPS, inject: [{ token: Revocations, optional: true }, AccessTokens, ...inject], useFactory: table },
        ...guards.map((guard) => ({ provide: APP_GUARD, useClass: guard })),
      ],
      exports: [AccessTokens, Challenges],
    };
  }
}
