import { ProblemError, type FieldError } from '@facet/errors';
import { z } from 'zod';

type Issue = z.core.$ZodIssue;
const mostErrors = 20;
const longestPointer = 200;

/** strict: the same object schema, refusing unknown keys; other schemas as they are. */
export function strict<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema instanceof z.ZodObject ? (schema.strict() as unknown as Schema) : schema;
}

/** validateBody: the parsed body, else ProblemError `validation-failed` with a JSON pointer for each fault. */
export function validateBody<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError('validation-failed', { errors: fieldErrors(parsed.error.issues) });
}

/** validateParameters: parsed path or query parameters, else ProblemError `invalid-request` that names each wrong one. */
export function validateParameters<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error.issues).map(({ pointer, detail }) => ({ pointer: pointer.slice(1), detail }));
  throw new ProblemError('invalid-request', { detail: 'A parameter is wrong.', errors });
}

/** fieldErrors: the faults that zod found, with pointers into the value. Never the value itself. */
export function fieldErrors(issues: readonly Issue[]): FieldError[] {
  return issues.flatMap(toFieldErrors).slice(0, mostErrors);
}

function toFieldErrors(issue: Issue): FieldError[] {
  const at = issue.path.map((key) => `/${escapePointer(String(key))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: `${at}/${escapePointer(key)}`.slice(0, longestPointer), detail: 'is not known here' }));
  }
  return [{ pointer: at.slice(0, longestPointer), detail: detailOf(issue) }];
}

function detailOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  if (issue.code === 'invalid_type' && issue.message.endsWith('received array') && issue.expected === 'string') return 'must be given once';
  return issue.message;
}

/** escapePointer: one reference token of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
