/** What a program that a check starts inherits. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
