import { toProblem } from '@facet/edge';
import { getArgumentValues, GraphQLError, type FieldNode } from 'graphql';
import { refuseBeyond, type Plan, type PlannedField, type Variables } from './plan-operation.js';
import { RefusedRequest } from './refused-request.js';

/** The checked arguments of a plan's fields, by their place; the first is for fields that take none. */
export type Given = readonly unknown[];

/**
 * Looks at a plan with the variables of one request before anything runs: gives the arguments, checked once whatever the number of rows, and refuses
 * too many rows and every argument that breaks its schema. So nothing of a bad mutation is carried out.
 */
export function examineOperation(plan: Plan, variables: Variables): Given {
  const examination = new Examination(variables);
  examination.visit(plan.fields, 1);
  if (examination.faults.length > 0) throw new RefusedRequest(examination.faults);
  return examination.given;
}

class Examination {
  readonly faults: GraphQLError[] = [];
  readonly given: unknown[] = [{}];
  private rows = 0;

  constructor(private readonly variables: Variables) {}

  /** `parents` is how many objects the fields are asked of. */
  visit(fields: readonly PlannedField[], parents: number): void {
    for (const field of fields) {
      const { nodes, at, resolve, facts, below } = field;
      const fits = at === 0 || this.check(field);
      if (!below) continue;
      const rows = parents * (fits ? (facts?.rows?.(this.given[at]) ?? 1) : 1);
      if (resolve) refuseBeyond('rows', (this.rows += rows), nodes[0]);
      this.visit(below, rows);
    }
  }

  private check({ definition, nodes: [node], at, facts }: PlannedField): boolean {
    try {
      const values = getArgumentValues(definition, node, this.variables);
      this.given[at] = facts?.arguments ? facts.arguments.parse(values) : values;
      return true;
    } catch (error) {
      this.faults.push(faultOf(error, node));
      return false;
    }
  }
}

function faultOf(error: unknown, node: FieldNode): GraphQLError {
  if (error instanceof GraphQLError)
    return new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'validation-failed' } });
  return new GraphQLError(`The arguments of ${node.name.value} do not fit`, { nodes: node, originalError: toProblem(error) });
}
