import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@facet/auth';
import { Answer } from './answer.js';
import { docsFile } from './docs-page.js';
import { EdgeState } from './edge-state.js';
import { Faults } from './faults.decorator.js';
import { ReturnsRaw } from './returns.decorator.js';

const pagePolicy = [
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:",
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

/** DocsController: the OpenAPI document, and the same as a page that loads nothing from anywhere else. */
@Controller()
@Public()
@Faults({})
export class DocsController {
  constructor(@Inject(EdgeState) private readonly state: EdgeState) {}

  @Get('openapi.json')
  @ReturnsRaw('application/json', { summary: 'This document' })
  document(): string {
    return this.state.openApiDocument();
  }

  @Get('docs')
  @ReturnsRaw('text/html; charset=utf-8', { summary: 'This document as a page' })
  async page(): Promise<Answer> {
    return new Answer(await docsFile('page'), { headers: { 'content-security-policy': pagePolicy } });
  }

  @Get('docs/scalar.js')
  @ReturnsRaw('text/javascript; charset=utf-8', { summary: 'The script of that page' })
  async script(): Promise<Answer> {
    return new Answer(await docsFile('script'), { headers: { 'cache-control': 'public, max-age=86400' } });
  }
}
