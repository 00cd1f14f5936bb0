import { connect, type Socket } from 'node:net';

/** Reachable: an instance, as the transport tells of it. */
export interface Reachable {
  /** `host:port`. */
  readonly address: string;
  reachable: boolean;
}

const leastWaitMs = 100;
const mostWaitMs = 500;

/**
 * ReachWatch: which instances can be connected to. HTTP keeps no connection that would tell, so one that refuses a call is knocked at until
 * it opens: it gets no calls meanwhile, and the first within half a second of its return.
 */
export class ReachWatch {
  readonly #knocking = new Map<Reachable, () => void>();
  #closed = false;

  /** Nobody was there. */
  lost(member: Reachable): void {
    if (this.#closed || this.#knocking.has(member)) return;
    member.reachable = false;
    this.#knock(member, leastWaitMs);
  }

  /** Those that left are not waited for. */
  keep(members: readonly Reachable[]): void {
    for (const [member, stop] of this.#knocking) {
      if (members.includes(member)) continue;
      stop();
      this.#knocking.delete(member);
    }
  }

  close(): void {
    this.#closed = true;
    this.keep([]);
  }

  #knock(member: Reachable, waitMs: number): void {
    let socket: Socket | undefined;
    const timer = setTimeout(() => {
      socket = connect(hostAndPort(member.address));
      socket.unref();
      socket.setTimeout(mostWaitMs, () => socket?.destroy(new Error('It takes too long')));
      socket.once('connect', () => {
        socket?.destroy();
        this.#knocking.delete(member);
        member.reachable = true;
      });
      socket.once('error', () => this.#knock(member, Math.min(mostWaitMs, waitMs * 2)));
    }, waitMs).unref();
    this.#knocking.set(member, () => {
      clearTimeout(timer);
      socket?.removeAllListeners().on('error', () => {});
      socket?.destroy();
    });
  }
}

function hostAndPort(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`http://${address}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
}
