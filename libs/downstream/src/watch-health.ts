import type { Member } from '@facet/balancing';
import { GrpcStatus } from '@facet/errors';
import { Metadata, type Client, type StatusObject } from '@grpc/grpc-js';
import { memberHeader } from './fleet-policy.js';

const watchPath = '/grpc.health.v1.Health/Watch';
/** A watch that lasts longer is begun anew, so that no call is without an end. */
const longestMs = 300_000;
const againMs = 1_000;
/** `HealthCheckResponse { status: SERVING }` */
const serving = Buffer.from([0x08, 0x01]);
const asBytes = (bytes: Buffer): Buffer => bytes;

/**
 * HealthWatch: follows what each member says of itself by grpc.health.v1 Watch, for the whole server (`""`). One that has no such service is
 * taken to serve. A member's connection that stands anew is watched anew.
 */
export class HealthWatch {
  readonly #watched = new Map<Member, () => void>();
  #closed = false;

  constructor(private readonly client: Client) {}

  watch(member: Member): void {
    this.#watched.get(member)?.();
    if (!this.#closed) this.#watched.set(member, this.#follow(member));
  }

  /** Watches no more: a service that stops waits for whoever is still on a connection of its own. */
  leave(member: Member): void {
    this.#watched.get(member)?.();
    this.#watched.delete(member);
  }

  /** Those that left the fleet are watched no more. */
  keep(members: readonly Member[]): void {
    for (const member of this.#watched.keys()) if (!members.includes(member)) this.leave(member);
  }

  close(): void {
    this.#closed = true;
    this.keep([]);
  }

  #follow(member: Member): () => void {
    const metadata = new Metadata();
    metadata.set(memberHeader, member.address);
    const deadline = Date.now() + longestMs;
    const call = this.client.makeServerStreamRequest(watchPath, asBytes, asBytes, Buffer.alloc(0), metadata, { deadline });
    let stopped = false;
    let again: NodeJS.Timeout | undefined;
    call.on('data', (status: Buffer) => {
      if (!stopped) member.serving = status.equals(serving);
    });
    call.on('error', () => undefined);
    call.on('status', ({ code }: StatusObject) => {
      if (stopped) return;
      if (code === GrpcStatus.UNIMPLEMENTED) member.serving = true;
      else again = setTimeout(() => this.watch(member), againMs).unref();
    });
    return () => {
      stopped = true;
      clearTimeout(again);
      call.cancel();
    };
  }
}
