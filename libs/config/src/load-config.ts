import { z } from 'zod';

/** Environment: variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * loadConfig: reads an application's settings by schema. Where anything is missing or wrong it prints every problem at once, one a line, and ends
 * the process with exit code 1. Values are never printed: they may be secrets. An empty variable counts as absent.
 */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, environment: Environment = process.env): z.infer<Schema> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(all)'}: ${issue.message}`);
  process.stderr.write(`The configuration has ${problems.length} problem(s):\n${problems.join('\n')}\n`);
  process.exit(1);
}
