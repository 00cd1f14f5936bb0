import { GrpcStatus } from '@facet/errors';
import type { Answered, Channel, OutgoingRpc } from './channel.js';
import { mostAnswerBytes, mostProblemBytes, readBody } from './http-body.js';
import { answerFailure, bareFailure, failureIn, isType } from './http-failure.js';
import { callHeaders } from './http-headers.js';
import { bytesOfJson } from './http-json.js';
import { routesOf, type HttpRoute, type HttpServiceDefinition } from './http-route.js';
import { HttpTransport, type HttpAnswer } from './http-transport.js';
import { ConnectionSecurity } from './connection-security.js';
import type { Roster } from './roster.js';

/** HttpChannel: a channel, and the transport under it, for what is no RPC. */
export interface HttpChannel extends Channel {
  readonly transport: HttpTransport;
  /** Sends calls of this service too. Throws where it does not say its routes. */
  serve(service: HttpServiceDefinition): void;
}

/**
 * openHttpChannel: the way to plain HTTP services: an RPC is a request to its route in JSON, and whatever comes back is what gRPC would have
 * said, so that one engine does for both. Connects with the first call; who refuses a connection is not reachable until he takes one.
 */
export function openHttpChannel(
  roster?: Pick<Roster, 'onChange' | 'fleet'>,
  security = new ConnectionSecurity({ expected: 'the service' }),
): HttpChannel {
  const routes = new Map<string, HttpRoute>();
  const transport = new HttpTransport(security);
  roster?.onChange(() => transport.reach.keep(roster.fleet.members));
  return {
    transport,
    serve: (service) => {
      for (const [path, route] of routesOf(service)) routes.set(path, route);
    },
    send: (rpc, answered) => send(transport, routes.get(rpc.path), rpc, answered),
    close: () => transport.close(),
  };
}

function send(transport: HttpTransport, route: HttpRoute | undefined, rpc: OutgoingRpc, answered: Answered): () => void {
  const abort = new AbortController();
  const end = (code: number, why: string) => abort.abort(bareFailure(code, why));
  const timer = setTimeout(() => end(GrpcStatus.DEADLINE_EXCEEDED, 'The deadline passed'), Math.max(0, rpc.deadline - Date.now()));
  const settle: Answered = (failure, bytes) => {
    clearTimeout(timer);
    answered(failure, bytes);
  };
  void roundTrip(transport, route, rpc, abort.signal).then(
    (bytes) => settle(null, bytes),
    (error: unknown) => settle(failureIn(rpc.member.address, abort.signal.aborted ? abort.signal.reason : error)),
  );
  return () => end(GrpcStatus.CANCELLED, 'Nobody waits any more');
}

async function roundTrip(transport: HttpTransport, route: HttpRoute | undefined, rpc: OutgoingRpc, signal: AbortSignal): Promise<Buffer> {
  if (!route) throw new Error(`${rpc.path} has no route`);
  const { method, path, body } = route.write(rpc.bytes);
  const headers = {
    accept: 'application/json, application/problem+json',
    ...(body && { 'content-type': 'application/json' }),
    ...callHeaders(rpc.headers, rpc.deadline),
  };
  const answer = await transport.open({ member: rpc.member, method, path, headers, body, signal });
  if (isDone(answer, route)) return readAnswer(answer, route);
  throw answerFailure(answer, await readBody(answer.body, mostProblemBytes));
}

function isDone({ status }: HttpAnswer, { answersNothing }: HttpRoute): boolean {
  return status === 200 || status === 201 || (status === 204 && answersNothing);
}

async function readAnswer(answer: HttpAnswer, { responseType }: HttpRoute): Promise<Buffer> {
  const bytes = await readBody(answer.body, mostAnswerBytes);
  if (answer.status === 204) return Buffer.alloc(0);
  if (!isType(answer.headers, 'application/json')) throw bareFailure(GrpcStatus.INTERNAL, 'The answer is no JSON');
  return bytesOfJson(responseType, bytes);
}
