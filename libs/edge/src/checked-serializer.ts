import type { z } from 'zod';
import { compileSerializer } from './serializer.js';

/**
 * checkedSerializer: the compiled serialiser of a route; in development it first holds the value against the whole schema, so that a mapper that
 * breaks its promise is seen before it ships.
 */
export function checkedSerializer(schema: z.ZodType, route: string, { development }: { development: boolean }): (value: unknown) => string {
  const serialize = compileSerializer(schema);
  if (!development) return serialize;
  return (value) => {
    const checked = schema.safeParse(value);
    if (checked.success) return serialize(value);
    const faults = checked.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; ');
    throw new TypeError(`${route} returned what its @Returns does not promise: ${faults}`);
  };
}
