import { z } from 'zod';

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** JsonSchema: as much of a JSON schema as we look into. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** dateAsText: a Date in a schema is an RFC 3339 text in JSON. `x-date` tells the serialiser that a Date comes; documents leave it out. */
export const dateAsText: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema._zod.def.type !== 'date') return;
  Object.assign(jsonSchema, { type: 'string', format: 'date-time', 'x-date': true });
};

/** As dateAsText; and a default is shown also where the value is parsed from a text. */
const forDocuments: Override = (place) => {
  dateAsText(place);
  const { def } = place.zodSchema._zod;
  if (def.type === 'default') place.jsonSchema.default ??= def.defaultValue as NonNullable<typeof place.jsonSchema.default>;
};

/**
 * documentSchema: a zod schema as OpenAPI 3.1 shows it (JSON schema, draft 2020-12). Schemas with an `id` in their metadata move to `schemas`, which is the
 * document's `components.schemas`, and are referred to.
 */
export function documentSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, JsonSchema>): JsonSchema {
  const described = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any', override: forDocuments });
  const text = JSON.stringify(described, (key, value: unknown) => (key === '$schema' || key === 'x-date' ? undefined : value));
  const { $defs = {}, ...own } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema & {
    $defs?: Record<string, JsonSchema>;
  };
  Object.assign(schemas, $defs);
  return own;
}
