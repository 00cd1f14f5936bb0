import { Public } from '@facet/auth';
import { Answer, JsonBody, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Post, UseGuards } from '@nestjs/common';
import { KeyQuestion, KeyUses, KeyVerdict } from './keys.view.js';
import { PartnerBffGuard } from './partner-bff.guard.js';
import { PartnerKeys } from './partner-keys.js';
import { verifyKey } from './verify-key.js';

/** What partner-bff asks about keys. */
@Controller('keys')
@Public()
@UseGuards(PartnerBffGuard)
export class KeysController {
  constructor(private readonly keys: PartnerKeys) {}

  @Post('verify')
  @Returns(KeyVerdict)
  async verify(@JsonBody(KeyQuestion) { key }: KeyQuestion) {
    return new Answer(await verifyKey(this.keys, key), { headers: { 'cache-control': 'no-store' } });
  }

  @Post('uses')
  @ReturnsNothing()
  async noteUses(@JsonBody(KeyUses) { uses }: KeyUses) {
    await this.keys.noteUses(uses.map(({ keyId, usedAt }) => ({ keyId, usedAt: new Date(usedAt) })));
  }
}
