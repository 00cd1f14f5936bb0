import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { planOperation, type Plan, type Variables } from './plan-operation.js';

/** A valid document, with the plan that was made of it last. */
export class KnownDocument {
  private readonly conditions: readonly string[];
  private last: { readonly operation: OperationDefinitionNode; readonly answers: string; readonly plan: Plan } | undefined;

  constructor(
    private readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
  ) {
    this.conditions = conditionsOf(document);
  }

  /** The plan of one of its operations; throws RefusedRequest. */
  plan(operation: OperationDefinitionNode, variables: Variables): Plan {
    const answers = this.conditions.map((name) => variables[name]).join();
    if (this.last?.operation === operation && this.last.answers === answers) return this.last.plan;
    const plan = planOperation({ schema: this.schema, document: this.document, operation, variables });
    this.last = { operation, answers, plan };
    return plan;
  }
}

/** The variables that @skip and @include ask about. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
