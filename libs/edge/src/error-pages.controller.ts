import { readFile } from 'node:fs/promises';
import { Controller, Get } from '@nestjs/common';
import { Public } from '@facet/auth';
import { ProblemError, isProblemCode, problems } from '@facet/errors';
import { z } from 'zod';
import { Faults } from './faults.decorator.js';
import { PathParams } from './input.decorator.js';
import { ReturnsRaw } from './returns.decorator.js';

const ErrorPage = z.object({ code: z.string() });
const pages = new URL('../../../docs/errors/', import.meta.url);

/** ErrorPagesController: the page behind a problem's `type`. */
@Controller('errors')
@Public()
@Faults({})
export class ErrorPagesController {
  @Get(':code')
  @ReturnsRaw('text/plain; charset=utf-8', { summary: 'What a kind of error means and what to do' })
  async page(@PathParams(ErrorPage) { code }: z.infer<typeof ErrorPage>): Promise<string> {
    if (!isProblemCode(code)) throw new ProblemError('not-found', { detail: 'There is no such kind of error.' });
    return readFile(new URL(`${code}.md`, pages), 'utf8').catch(() => `# ${code}\n\n${problems[code].title}.\n`);
  }
}
