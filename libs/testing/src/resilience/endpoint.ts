import type { DeclaredFaults } from '@facet/edge';
import type { Expected } from './fault-rules.js';

/** EndpointRequest: a request that an endpoint answers well while all is well. */
export interface EndpointRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: RequestInit['body'] | undefined;
}

/** Reply: what came back, JSON parsed. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Cell: one dependency that fails, and what that must come to. */
export interface Cell extends Expected {
  readonly dependency: string;
  readonly healthy: Reply;
}

/** Endpoint: something that clients may ask for, and that must say what it answers while a dependency fails. */
export interface Endpoint {
  /** `GET /v1/home`, `Query.room`. */
  readonly name: string;
  /** What it declares; absent: nothing, which is an error. */
  readonly declared: DeclaredFaults | undefined;
  readonly request: EndpointRequest;
  /** A request for what lies on the way to it. Its calls go well even while the dependency fails. */
  readonly way?: EndpointRequest | undefined;
  /** What is wrong with a reply, in words; nothing where it is as it must be. */
  judge(reply: Reply, cell: Cell): string[];
}
