import type { RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';
import {
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Documents } from './documents.js';
import { examineOperation } from './examine-operation.js';
import type { GraphqlRequest } from './graphql-request.js';
import { RefusedRequest } from './refused-request.js';
import type { Viewing } from './viewing.js';

export interface Engine {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  /** What the fields of a request share. */
  readonly view: (context: RequestContext) => Viewing;
}

export interface Outcome {
  /** Absent where the request was not executed. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
}

/** The story of a GraphQL request: nothing runs until the whole of it is known to be sound, affordable and allowed. */
export async function answerRequest(
  { schema, documents, view }: Engine,
  request: GraphqlRequest,
  context: RequestContext,
): Promise<Outcome> {
  try {
    const document = documents.read(request.query);
    const operation = chooseOperation(document, request);

    const variables = readVariables(schema, operation, request);
    examineOperation({ schema, document, operation, variables });

    return await execute({
      schema,
      document,
      contextValue: view(context),
      operationName: operation.name?.value ?? null,
      variableValues: request.variables,
    });
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
): Record<string, unknown> {
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables ?? {}, { maxErrors: 20 });
  if (coerced) return coerced;
  throw new RefusedRequest(
    errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'validation-failed' } })),
  );
}
