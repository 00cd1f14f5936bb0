import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Kysely, sql } from 'kysely';
import { migrate, type Migrations } from './migrate.js';
import { openDatabase, type DatabaseOptions } from './open-database.js';

/** DatabaseModuleOptions: the database of one application. */
export interface DatabaseModuleOptions extends DatabaseOptions {
  readonly migrations: Migrations;
}

/** DATABASE_OPTIONS: token under which other modules find the options of the application's database. */
export const DATABASE_OPTIONS = Symbol('database options');

/** InjectDatabase: parameter decorator for the application's `Database<Tables>`. The class token `Kysely` works as well. */
export const InjectDatabase = (): ParameterDecorator => Inject(Kysely);

/** DatabaseHealth: whether the application's database answers; `name` is the part that a readiness answer shows. */
@Injectable()
export class DatabaseHealth {
  readonly name = 'database';

  constructor(@InjectDatabase() private readonly db: Kysely<unknown>) {}

  /** Resolves when the database answered within a second, rejects otherwise. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db, { signal: AbortSignal.timeout(1_000) });
  }
}

/** DatabaseClosing: what must happen before the pool closes, such as a last delivery. Runs at shutdown, when no request is served any more. */
@Injectable()
export class DatabaseClosing implements OnApplicationShutdown {
  readonly #before: (() => Promise<void>)[] = [];

  constructor(@InjectDatabase() private readonly db: Kysely<unknown>) {}

  before(step: () => Promise<void>): void {
    this.#before.push(step);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#before.map((step) => step()));
    await this.db.destroy();
  }
}

/**
 * DatabaseModule: the application's database, for all its modules. It is migrated before anything else starts, answers `DatabaseHealth`, and is
 * closed at shutdown. Start-up fails with one line when the server is away.
 */
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: DATABASE_OPTIONS, useValue: options },
        { provide: Kysely, useFactory: () => openMigrated(options) },
        DatabaseHealth,
        DatabaseClosing,
      ],
      exports: [DATABASE_OPTIONS, Kysely, DatabaseHealth, DatabaseClosing],
    };
  }
}

async function openMigrated({ migrations, ...options }: DatabaseModuleOptions): Promise<Kysely<unknown>> {
  const db = openDatabase<unknown>(options);
  try {
    await sql`select 1`.execute(db);
    await migrate(db, migrations, options);
    return db;
  } catch (error) {
    await db.destroy();
    const { host, pathname } = new URL(options.url);
    throw new Error(`The database ${host}${pathname} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
