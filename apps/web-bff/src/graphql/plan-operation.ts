import {
  defaultFieldResolver,
  getDirectiveValues,
  getNullableType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { factsOf, type FieldFacts, type Resolve } from './field.js';
import { RefusedRequest } from './refused-request.js';

/** What one request may ask for. A row is an object that a service has to find. */
export const limits = { depth: 12, fields: 250, mutations: 5, rows: 25_000 } as const;

export type Variables = Readonly<Record<string, unknown>>;

/** What an operation asks for, told from its text, once for all requests that ask it. */
export interface Plan {
  readonly fields: readonly PlannedField[];
  /** One root field after the other: mutations. */
  readonly serial: boolean;
}

/** A name in an answer, and how its value is found. */
export interface PlannedField {
  readonly key: string;
  readonly name: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Where the document asks for it; more than once where selections overlap. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** Absent: a property of the parent. */
  readonly resolve: Resolve | undefined;
  readonly info: GraphQLResolveInfo;
  readonly facts: FieldFacts | undefined;
  /** Where the arguments are among those of all fields; 0 without any. */
  readonly at: number;
  readonly shape: Shape;
  /** What is asked of the objects that it finds. */
  readonly below: readonly PlannedField[] | undefined;
}

/** What a value has to become. Exactly one of the three is there. */
export interface Shape {
  readonly nullable: boolean;
  readonly leaf?: GraphQLLeafType;
  readonly items?: Shape;
  readonly fields?: readonly PlannedField[];
}

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** What @skip and @include ask about; nothing else here depends on variables. */
  readonly variables: Variables;
}

/** Plans a valid operation; refuses what is too large by depth, mutations or fields, aliases and fragments counted as often as they are used. */
export function planOperation({ schema, document, operation, variables }: Operation): Plan {
  const root = schema.getRootType(operation.operation);
  if (!root) throw RefusedRequest.because('validation-failed', { detail: `There is no ${operation.operation} here.`, node: operation });
  const planner = new Planner(schema, fragmentsOf(document), variables);
  const fields = planner.plan([operation.selectionSet], root, 1);
  const serial = operation.operation === 'mutation';
  if (serial) refuseBeyond('mutations', fields.length, operation);
  return { fields, serial };
}

/** Throws RefusedRequest where a request asks for more than it may. */
export function refuseBeyond(name: keyof typeof limits, value: number, node: FieldNode | OperationDefinitionNode): void {
  if (value <= limits[name]) return;
  const detail = `The query asks for too much: at most ${limits[name]} for ${name}. Ask in several requests, or for shorter pages.`;
  throw RefusedRequest.because('query-too-costly', { detail, node });
}

type Groups = Map<string, [FieldNode, ...FieldNode[]]>;

class Planner {
  private asking = 0;
  private visited = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Variables,
  ) {}

  /** The fields of an object, those of the same name merged. Without a depth nothing is counted: where the schema itself is read, graphql-js has a rule. */
  plan(selections: readonly SelectionSetNode[], type: GraphQLObjectType, depth: number | undefined): PlannedField[] {
    const groups: Groups = new Map();
    for (const selection of selections) this.collect(selection, groups, depth);
    return [...groups].map(([key, nodes]) => this.planField(key, nodes, type, depth));
  }

  private collect({ selections }: SelectionSetNode, groups: Groups, depth: number | undefined): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD && depth !== undefined) this.count(selection, depth);
      if (!this.isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) group(groups, selection);
      else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
        // There are objects alone, so that a valid fragment always fits.
        if (fragment) this.collect(fragment.selectionSet, groups, depth);
      }
    }
  }

  private count(node: FieldNode, depth: number): void {
    refuseBeyond('depth', depth, node);
    refuseBeyond('fields', (this.visited += 1), node);
  }

  private isIncluded(node: SelectionNode): boolean {
    if (!node.directives?.length) return true;
    if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.if !== false;
  }

  private planField(key: string, nodes: [FieldNode, ...FieldNode[]], parentType: GraphQLObjectType, depth?: number): PlannedField {
    const name = nodes[0].name.value;
    const definition = definitionOf(this.schema, parentType, name);
    const at = definition.args.length > 0 ? (this.asking += 1) : 0;
    const shape = this.shapeOf(definition.type, nodes, depth === undefined || name.startsWith('__') ? undefined : depth + 1);
    return {
      key,
      name,
      definition,
      parentType,
      nodes,
      resolve: resolveOf(definition),
      // All that the fields which describe the schema look at.
      info: { schema: this.schema, parentType } as GraphQLResolveInfo,
      facts: factsOf(definition),
      at,
      shape,
      below: fieldsOf(shape),
    };
  }

  private shapeOf(type: GraphQLOutputType, nodes: readonly FieldNode[], depth: number | undefined): Shape {
    const nullable = !isNonNullType(type);
    const inner = getNullableType(type);
    if (isLeafType(inner)) return { nullable, leaf: inner };
    if (isListType(inner)) return { nullable, items: this.shapeOf(inner.ofType as GraphQLOutputType, nodes, depth) };
    if (!isObjectType(inner)) throw new Error(`${String(inner)} is neither an object nor a leaf`);
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return { nullable, fields: this.plan(selections, inner, depth) };
  }
}

function group(groups: Groups, node: FieldNode): void {
  const key = (node.alias ?? node.name).value;
  const known = groups.get(key);
  if (!known) groups.set(key, [node]);
  // A fragment may be spread twice.
  else if (!known.includes(node)) known.push(node);
}

function fieldsOf({ items, fields }: Shape): readonly PlannedField[] | undefined {
  return items ? fieldsOf(items) : fields;
}

function definitionOf(schema: GraphQLSchema, type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  const root = type === schema.getQueryType() ? [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name) : undefined;
  const definition = root ?? type.getFields()[name];
  if (!definition) throw new Error(`${type.name}.${name} is not in the schema`);
  return definition;
}

function resolveOf({ resolve }: GraphQLField<unknown, unknown>): Resolve | undefined {
  return resolve === defaultFieldResolver ? undefined : (resolve as Resolve | undefined);
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
