import type { DynamicModule, INestApplicationContext, LoggerService, Type } from '@nestjs/common';
import type { Logger } from '@facet/observability';
import type { TlsSettings } from './tls-certificate.js';

/** NestModule: the root module of an application. */
export type NestModule = Type | DynamicModule;

/** AppToServe: what a kind of server is given to start. */
export interface AppToServe {
  /** The application's one name. */
  readonly name: string;
  readonly module: NestModule;
  readonly host: string;
  /** The files with which it proves itself to our own applications, if any. */
  readonly tls?: TlsSettings | undefined;
  /** Development conveniences are on. */
  readonly development: boolean;
  readonly logger: Logger;
  /** The same logger for Nest. */
  readonly nestLogger: LoggerService;
}

/** RunningServer: an application that listens. */
export interface RunningServer {
  readonly app: INestApplicationContext;
  /** Where clients reach it; chosen by the system where 0 was asked for. */
  readonly port: number;
  /** Everything that it listens on, for the log: `{ http: 'http://127.0.0.1:4002' }`. */
  readonly listening: Readonly<Record<string, string>>;
  /** Is not ready at once, accepts nothing new, finishes what is in flight within `withinMs` milliseconds, then closes the application. */
  stop(withinMs: number): Promise<void>;
}

/** ServerKind: how an application is served: by gRPC (`grpcServer`) or by HTTP (`httpServer` of @facet/edge). */
export interface ServerKind {
  /** Builds the Nest application and listens. Rejects where it cannot, with whatever was opened closed again. */
  start(app: AppToServe): Promise<RunningServer>;
}
