import type { SharedState } from './shared-state.js';

/** StateOptions: which engine an application shares its state by. Redis where there is one, else PostgreSQL. */
export interface StateOptions {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
  /** The application's schema; its migrations are those of the state alone. */
  readonly schema: string;
  /** Name of the application: what its keys begin with in Redis, and how its connections are called. */
  readonly application: string;
}

/** openState: the state that replicas of an application share, once its engine has answered. Only the driver that is needed is loaded. */
export async function openState({ redisUrl, databaseUrl, schema, application }: StateOptions): Promise<SharedState> {
  const url = redisUrl ?? databaseUrl;
  if (url === undefined) throw new Error(`${application} needs REDIS_URL or DATABASE_URL for what its replicas share`);
  try {
    if (redisUrl !== undefined) {
      const { RedisState } = await import('./redis-state.js');
      return await RedisState.open({ url, application });
    }
    const { PostgresState } = await import('./postgres-state.js');
    return await PostgresState.open({ url, schema, applicationName: application });
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new Error(`The shared state at ${host}${pathname} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
