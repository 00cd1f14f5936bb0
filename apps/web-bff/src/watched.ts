import { AccessTokens, InternalTokenMinter } from '@facet/auth';
import { LastGood } from '@facet/downstream';
import { EndedRightsModule, type OtherEvents } from '@facet/events/ended-rights';
import { RevocationsModule } from '@facet/events/revocations';
import type { DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { Sessions } from './session/sessions.js';

/** What each of our processes watches, and who is told: which rights have ended, and who is nobody any more. */
export function watched(config: Config, instead?: OtherEvents): DynamicModule[] {
  const source = { service: 'web-bff', config, instead };
  return [
    EndedRightsModule.forRoot({ ...source, tell: LastGood }),
    RevocationsModule.forRoot({ ...source, tell: [Sessions, AccessTokens, InternalTokenMinter, LastGood] }),
  ];
}
