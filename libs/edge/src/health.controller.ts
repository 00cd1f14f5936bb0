import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { z } from 'zod';
import { EdgeState } from './edge-state.js';
import { Faults } from './faults.decorator.js';
import { Returns } from './returns.decorator.js';

const Health = z.object({ status: z.literal('ok') });

/** HealthController: whether the process lives, and whether it should get requests: 503 names the parts that are missing. */
@Controller('health')
@Public()
@Faults({})
export class HealthController {
  constructor(@Inject(EdgeState) private readonly state: EdgeState) {}

  @Get('live')
  @Returns(Health, { summary: 'The process runs' })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Returns(Health, { summary: 'The process wants requests', problems: ['dependency-unavailable'] })
  async ready() {
    const failing = this.state.draining ? ['shutdown'] : await this.state.findUnready();
    if (failing.length) throw new ProblemError('dependency-unavailable', { extensions: { failing }, retryAfterSeconds: 1 });
    return { status: 'ok' };
  }
}
