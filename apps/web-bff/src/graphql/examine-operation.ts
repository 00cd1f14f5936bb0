import { toProblem } from '@facet/edge';
import {
  defaultFieldResolver,
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { factsOf } from './field.js';
import { RefusedRequest } from './refused-request.js';

/** What one request may ask for. A row is an object that a service has to find. */
export const limits = { depth: 12, fields: 250, mutations: 5, rows: 25_000 } as const;

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Walks a valid operation before it runs: refuses what is too large by depth, number of fields (aliases and fragments counted as often as they are used)
 * or rows to expect, and every argument that breaks its schema. So nothing of a bad mutation is carried out.
 */
export function examineOperation({ schema, document, operation, variables }: Operation): void {
  const root = schema.getRootType(operation.operation);
  if (!root) throw RefusedRequest.because('validation-failed', { detail: `There is no ${operation.operation} here.`, node: operation });
  const examination = new Examination(fragmentsOf(document), variables);
  examination.visit(operation.selectionSet, root, { depth: 1, rows: 1 });
  if (operation.operation === 'mutation') examination.limit('mutations', examination.rootFields, operation);
  if (examination.faults.length > 0) throw new RefusedRequest(examination.faults);
}

interface Place {
  readonly depth: number;
  /** How many objects the selection is made on. */
  readonly rows: number;
}

class Examination {
  readonly faults: GraphQLError[] = [];
  rootFields = 0;
  private fields = 0;
  private rows = 0;

  constructor(
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  visit({ selections }: SelectionSetNode, type: GraphQLObjectType, place: Place): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) this.visitField(selection, type, place);
      else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
        if (fragment) this.visit(fragment.selectionSet, type, place);
      }
    }
  }

  limit(name: keyof typeof limits, value: number, node: FieldNode | OperationDefinitionNode): void {
    if (value <= limits[name]) return;
    const detail = `The query asks for too much: at most ${limits[name]} for ${name}. Ask in several requests, or for shorter pages.`;
    throw RefusedRequest.because('query-too-costly', { detail, node });
  }

  private visitField(node: FieldNode, type: GraphQLObjectType, { depth, rows }: Place): void {
    this.limit('depth', depth, node);
    this.limit('fields', (this.fields += 1), node);
    if (depth === 1) this.rootFields += 1;
    const definition = type.getFields()[node.name.value];
    // What is left are the introspection fields, which only development has, within graphql-js's own depth rule.
    if (!definition) return;
    const size = this.sizeOf(node, definition);
    const child = getNamedType(definition.type);
    if (!node.selectionSet || !isObjectType(child)) return;
    const found = definition.resolve && definition.resolve !== defaultFieldResolver;
    if (found) this.limit('rows', (this.rows += rows * size), node);
    this.visit(node.selectionSet, child, { depth: depth + 1, rows: rows * size });
  }

  private sizeOf(node: FieldNode, definition: GraphQLField<unknown, unknown>): number {
    const facts = factsOf(definition);
    const parsed = facts?.arguments?.safeParse(getArgumentValues(definition, node, this.variables));
    if (parsed?.success === false)
      this.faults.push(
        new GraphQLError(`The arguments of ${node.name.value} do not fit`, { nodes: node, originalError: toProblem(parsed.error) }),
      );
    return parsed?.success === false ? 1 : (facts?.rows?.(parsed?.data) ?? 1);
  }
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
