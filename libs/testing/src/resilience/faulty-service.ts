import type { Fault } from '@facet/edge';
import { ProblemError } from '@facet/errors';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { startGrpcFake, type FakeHandlers, type Trouble } from '../grpc-fake.js';
import { startHttpFake, type HttpFakeHandlers } from '../http-fake.js';

/** Longest time that a client gives a dependency that is slow, in milliseconds. */
export const slowDeadlineMs = 300;

const trouble: Readonly<Record<Exclude<Fault, 'down'>, (number: number) => Trouble | undefined>> = {
  slow: () => slowDeadlineMs * 3,
  error: () => new ProblemError('internal-error'),
  garbage: () => 'garbage',
  flapping: (number) => (number % 2 === 1 ? new ProblemError('dependency-unavailable') : undefined),
};

/** A dependency that is well until it is told to fail. */
export interface FaultyService {
  readonly target: string;
  fail(fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

/** A service with these handlers on a port of its own: over gRPC, or plain HTTP where its definition has routes. */
export async function startFaultyService(service: ServiceDefinition, handlers: object): Promise<FaultyService> {
  const fake = service.http
    ? await startHttpFake(handlers as HttpFakeHandlers)
    : await startGrpcFake(service, handlers as FakeHandlers<ServiceDefinition>);
  return {
    target: fake.target,
    async fail(fault) {
      if (fault === 'down') return fake.stop();
      fake.reset();
      fake.trouble = (_, number) => trouble[fault](number);
    },
    stop: () => fake.stop(),
  };
}
