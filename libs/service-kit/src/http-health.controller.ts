import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ProblemError } from '@facet/errors';

/** HttpState: what the health of an HTTP service is told by. */
export class HttpState {
  draining = false;
  /** Names of the parts that are not ready. */
  findUnready: () => Promise<string[]> = () => Promise.resolve(['start']);
}

/** HttpHealthController: whether the process lives, and whether it should get requests: 503 names the parts that are missing. */
@Controller('health')
export class HttpHealthController {
  constructor(@Inject(HttpState) private readonly state: HttpState) {}

  @Get('live')
  @RouteConfig({ open: true })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @RouteConfig({ open: true })
  async ready() {
    const failing = this.state.draining ? ['shutdown'] : await this.state.findUnready();
    if (failing.length) throw new ProblemError('dependency-unavailable', { extensions: { failing }, retryAfterSeconds: 1 });
    return { status: 'ok' };
  }
}
