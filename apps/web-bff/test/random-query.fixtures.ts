import fc from 'fast-check';
import {
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

export interface RandomQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Values for arguments, by their names. */
export type Inputs = Readonly<Record<string, readonly (string | number | null)[]>>;

/** Queries that are valid in a schema of objects, with aliases, fields asked for twice, nested fragments, variables and directives. */
export function randomQuery(schema: GraphQLSchema, inputs: Inputs): fc.Arbitrary<RandomQuery> {
  return fc.gen().map((choose) => new Writer(choose, inputs).write(schema.getQueryType()!));
}

class Writer {
  private readonly fragments: { readonly on: string; readonly text: string }[] = [];
  private readonly variables = new Map<string, { readonly type: string; readonly value: unknown }>();
  /** A name in an answer has the same arguments wherever it stands, so that selections can overlap. */
  private readonly arguments = new Map<string, string>();

  constructor(
    private readonly choose: fc.GeneratorValue,
    private readonly inputs: Inputs,
  ) {}

  write(root: GraphQLObjectType): RandomQuery {
    const body = this.selection(root, 5);
    const declared = [...this.variables].map(([name, { type }]) => `$${name}: ${type}`);
    const fragments = this.fragments.map(({ on, text }, at) => `fragment F${at} on ${on} ${text}`);
    return {
      query: [`query ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`, ...fragments].join('\n'),
      variables: Object.fromEntries([...this.variables].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
    };
  }

  private upTo(most: number): number {
    return this.choose(fc.nat, most);
  }

  private selection(type: GraphQLObjectType, depth: number): string {
    return `{ ${Array.from({ length: 1 + this.upTo(2) }, () => this.part(type, depth)).join(' ')} }`;
  }

  private part(type: GraphQLObjectType, depth: number): string {
    const kind = depth > 0 ? this.upTo(11) : 3;
    if (kind === 0) return `... on ${type.name} ${this.directives()} ${this.selection(type, depth - 1)}`;
    if (kind === 1) return `...F${this.fragment(type, depth - 1)} ${this.directives()}`;
    return this.field(type, depth);
  }

  private fragment(type: GraphQLObjectType, depth: number): number {
    const known = this.fragments.findIndex(({ on }) => on === type.name);
    if (known >= 0 && this.upTo(1) === 0) return known;
    const text = this.selection(type, depth);
    return this.fragments.push({ on: type.name, text }) - 1;
  }

  private field(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)));
    const field = fields[this.upTo(fields.length)];
    if (!field) return '__typename';
    const key = this.upTo(2) === 0 ? `${field.name}Too` : field.name;
    const child = getNamedType(field.type);
    const below = isObjectType(child) ? this.selection(child, depth - 1) : '';
    return `${key}: ${field.name}${this.argumentsOf(`${type.name}.${key}`, field.args)} ${this.directives()} ${below}`;
  }

  private argumentsOf(place: string, args: readonly GraphQLArgument[]): string {
    const known = this.arguments.get(place);
    if (known !== undefined) return known;
    const given = args.flatMap((argument) => this.argument(argument));
    const text = given.length > 0 ? `(${given.join(', ')})` : '';
    this.arguments.set(place, text);
    return text;
  }

  private argument({ name, type }: GraphQLArgument): string[] {
    const required = isNonNullType(type);
    const values = this.inputs[name]!.filter((value) => !required || value !== null);
    const value = values[this.upTo(values.length - 1)];
    const way = this.upTo(required ? 1 : 3);
    if (way === 3) return [];
    if (way === 0) return [`${name}: ${JSON.stringify(value)}`];
    const variable = `v${this.variables.size}`;
    this.variables.set(variable, { type: String(type), value: way === 2 ? undefined : value });
    return [`${name}: $${variable}`];
  }

  private directives(): string {
    return ['skip', 'include'].map((name) => (this.upTo(7) === 0 ? `@${name}(if: ${this.condition()})` : '')).join(' ');
  }

  private condition(): string {
    const value = this.upTo(1) === 0;
    if (this.upTo(3) === 0) return String(value);
    this.variables.set(`is${String(value)}`, { type: 'Boolean!', value });
    return `$is${String(value)}`;
  }
}
