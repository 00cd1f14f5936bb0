import type { RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { carryOut, type Outcome } from './carry-out.js';
import type { Documents } from './documents.js';
import { examineOperation } from './examine-operation.js';
import type { GraphqlRequest } from './graphql-request.js';
import type { Variables } from './plan-operation.js';
import { RefusedRequest } from './refused-request.js';

export interface Engine {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
}

/** The story of a GraphQL request: nothing runs until the whole of it is known to be sound, affordable and allowed. */
export async function answerRequest({ schema, documents }: Engine, request: GraphqlRequest, context: RequestContext): Promise<Outcome> {
  try {
    const known = documents.read(request.query);
    const operation = chooseOperation(known.document, request);

    const variables = readVariables(schema, operation, request);
    const plan = known.plan(operation, variables);
    const given = examineOperation(plan, variables);

    return await carryOut(plan, given, context);
  } catch (error) {
    if (error instanceof RefusedRequest) return { errors: error.errors };
    throw error;
  }
}

function chooseOperation(document: DocumentNode, { operationName, method }: GraphqlRequest): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName || null);
  if (!operation) {
    const detail = operationName
      ? 'The document has no operation of this name.'
      : 'The document has several operations: say which by operationName.';
    throw RefusedRequest.because('validation-failed', { detail });
  }
  if (operation.operation === 'mutation' && method === 'GET') {
    throw new ProblemError('method-not-allowed', { detail: 'A mutation is sent by POST.', headers: { allow: 'POST' } });
  }
  return operation;
}

function readVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  { variables }: GraphqlRequest,
): Variables {
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables ?? {}, { maxErrors: 20 });
  if (coerced) return coerced;
  throw new RefusedRequest(
    errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'validation-failed' } })),
  );
}
