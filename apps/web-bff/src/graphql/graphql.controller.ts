import { Controller, Get, Headers, Inject, Logger, Post } from '@nestjs/common';
import { Access } from '@facet/auth';
import { Cursors, Faults, JsonBody, QueryParams, RequestContext, ReturnsRaw, type Answer } from '@facet/edge';
import { ProblemError, type Explanation } from '@facet/errors';
import { Downstream } from '../downstream.js';
import { answerRequest, type Engine } from './answer-request.js';
import { Documents } from './documents.js';
import { webSchema } from './executable-schema.js';
import { GraphqlBody, GraphqlParameters, type GraphqlRequest } from './graphql-request.js';
import { mediaTypes, negotiate } from './negotiate.js';
import { toAnswer } from './to-answer.js';

/** Token of the switch that lets clients read the schema. */
export const INTROSPECTION = Symbol('INTROSPECTION');

const budgetMs = 2_000;

// The route by itself calls nobody: what is asked for through it says so in the schema (@faults).
@Controller('graphql')
@Faults({})
export class GraphqlController {
  private readonly logger = new Logger('graphql');
  private readonly engine: Engine;

  constructor(
    downstream: Downstream,
    cursors: Cursors,
    @Inject(INTROSPECTION) private readonly introspection: boolean,
  ) {
    const schema = webSchema({ downstream, cursors });
    this.engine = { schema, documents: new Documents(schema, { introspection }) };
  }

  @Get()
  @Access({ scope: 'any', limit: 'browse', budgetMs })
  @ReturnsRaw(mediaTypes)
  query(
    @QueryParams(GraphqlParameters) parameters: Omit<GraphqlRequest, 'method'>,
    @Headers('accept') accept: string | undefined,
    @RequestContext() context: RequestContext,
  ): Promise<Answer<string>> {
    return this.answer({ ...parameters, method: 'GET' }, accept, context);
  }

  @Post()
  @Access({ scope: 'any', limit: 'browse', budgetMs })
  @ReturnsRaw(mediaTypes)
  operate(
    @JsonBody(GraphqlBody) body: Omit<GraphqlRequest, 'method'>,
    @Headers('accept') accept: string | undefined,
    @RequestContext() context: RequestContext,
  ): Promise<Answer<string>> {
    return this.answer({ ...body, method: 'POST' }, accept, context);
  }

  private async answer(request: GraphqlRequest, accept: string | undefined, context: RequestContext): Promise<Answer<string>> {
    const mediaType = negotiate(accept);
    if (!mediaType) throw new ProblemError('not-acceptable', { detail: `Accept ${mediaTypes.join(' or ')}.` });
    const outcome = await answerRequest(this.engine, request, context);
    const refusals = new Set<Explanation>();
    const report = (problem: ProblemError) => {
      this.report(problem, context);
      if (problem.explanation) refusals.add(problem.explanation);
    };
    const answer = toAnswer(outcome, mediaType, context, report, { development: this.introspection });
    // One line for each way of being refused, not for each row of a list.
    for (const { rule, because } of refusals) this.logger.warn({ requestId: context.requestId, rule, because });
    return answer;
  }

  private report({ code, cause }: ProblemError, { requestId }: RequestContext): void {
    if (code === 'internal-error') this.logger.error(cause, { requestId });
  }
}
