import { ProblemError, type ProblemCode, type ProblemOptions } from '@facet/errors';
import { GraphQLError, type ASTNode } from 'graphql';

/** A request that is not executed, and why: the answer has errors and no data. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';

  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
  }

  static because(code: ProblemCode, { node, ...options }: ProblemOptions & { readonly node?: ASTNode }): RefusedRequest {
    const problem = new ProblemError(code, options);
    return new RefusedRequest([new GraphQLError(problem.message, { nodes: node, originalError: problem })]);
  }
}
