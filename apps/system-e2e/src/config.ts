/** The environment that programs under test inherit. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
