import fastJson, { type Schema } from 'fast-json-stringify';
import { z } from 'zod';
import { dateAsText } from './json-schema.js';

type Node = Record<string, unknown>;

// What describes values but does not shape them. `format` would make the compiler copy a text unescaped.
const descriptive = new Set([
  ...['$schema', 'title', 'description', 'examples', 'default', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'contentEncoding'],
]);

/**
 * compileSerializer: a function that writes a value as JSON, and of it nothing but what the schema promises: unknown fields cannot leave, a required
 * field that is missing throws. Compiled once (fast-json-stringify).
 */
export function compileSerializer(schema: z.ZodType): (value: unknown) => string {
  const described = z.toJSONSchema(schema, { io: 'output', target: 'draft-7', unrepresentable: 'any', override: dateAsText });
  return fastJson(shapeOf(described) as Schema);
}

/** The schema without what only describes, and with nullable things said in the way that the compiler is fast with. */
function shapeOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = schema as Node;
  if (isDate(node)) return { type: 'string', format: 'date-time' };
  const inner = nullableInner(node);
  if (inner) return { ...(shapeOf(inner) as Node), nullable: true };
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !descriptive.has(key) && !(key === 'additionalProperties' && value === false))
      .map(([key, value]) => [key, key === 'properties' || key === 'definitions' ? shapeOfEach(value as Node) : shapeOfMember(key, value)]),
  );
}

function shapeOfEach(members: Node): Node {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, shapeOf(member)]));
}

function shapeOfMember(key: string, value: unknown): unknown {
  return key === 'enum' || key === 'const' || key === 'required' ? value : shapeOf(value);
}

function isDate(node: Node): boolean {
  return node.format === 'date-time' && node['x-date'] === true;
}

function nullableInner({ anyOf }: Node): Node | undefined {
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const inner = (anyOf as Node[]).filter(({ type }) => type !== 'null');
  return inner.length === 1 && !('$ref' in inner[0]!) && !('anyOf' in inner[0]!) ? inner[0] : undefined;
}
