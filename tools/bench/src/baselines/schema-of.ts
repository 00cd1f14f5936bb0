/** A JSON schema, as far as a serialiser needs one. */
export interface SampleSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string;
}

/** schemaOf: the schema of one finished value, for a serialiser that never sees another. What it cannot say in a schema it leaves open. */
export function schemaOf(value: unknown): SampleSchema {
  if (Array.isArray(value)) return { type: 'array', items: value.map(schemaOf).reduce<SampleSchema | undefined>(either, undefined) ?? {} };
  if (value === null) return { nullable: true };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  if (typeof value !== 'object') return { type: typeof value };
  const properties = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, schemaOf(member)]));
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** A schema that both values fit. */
function either(one: SampleSchema | undefined, other: SampleSchema): SampleSchema {
  if (!one) return other;
  const nullable = one['nullable'] === true || other['nullable'] === true ? { nullable: true } : {};
  if (one.type === undefined) return { ...other, ...nullable };
  if (other.type === undefined) return { ...one, ...nullable };
  if (one.type !== other.type) return isNumber(one) && isNumber(other) ? { type: 'number', ...nullable } : {};
  if (one.type === 'array')
    return { type: 'array', items: either(one['items'] as SampleSchema, other['items'] as SampleSchema), ...nullable };
  if (one.type !== 'object') return { ...one, ...nullable };
  return { ...bothObjects(one, other), ...nullable };
}

function bothObjects(one: SampleSchema, other: SampleSchema): SampleSchema {
  const [a, b] = [one['properties'], other['properties']] as [Record<string, SampleSchema>, Record<string, SampleSchema>];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const properties = Object.fromEntries(names.map((name) => [name, either(a[name], b[name] ?? a[name]!)]));
  const required = names.filter((name) => (one['required'] as string[]).includes(name) && (other['required'] as string[]).includes(name));
  return { type: 'object', properties, required };
}

function isNumber({ type }: SampleSchema): boolean {
  return type === 'integer' || type === 'number';
}
