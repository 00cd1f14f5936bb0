import type { DynamicModule, Type } from '@nestjs/common';
import type { Config } from './config.js';
import { NoDemoModule } from './store/no-demo.module.js';

/** What development adds: it is not in images, and nothing else may import it. Elsewhere a refusal to start on what it left. */
export async function developmentModule(
  { FACET_ENV }: Pick<Config, 'FACET_ENV'>,
  ...imports: DynamicModule[]
): Promise<DynamicModule | Type> {
  if (FACET_ENV !== 'development') return NoDemoModule;
  const { DevModule } = await import('./dev/dev.module.js');
  return DevModule.forRoot(...imports);
}
