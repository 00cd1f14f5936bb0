import type { Socket } from 'node:net';
import { Lane } from './lane.js';
import { sufferingOf, type Toxic } from './toxic.js';

/** One connection by way of a proxy: the socket of who connected, the socket to who answers, and a lane each way. */
export class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #requests: Lane;
  readonly #answers: Lane;

  constructor({ client, server, random, gone }: { client: Socket; server: Socket; random: () => number; gone: (link: Link) => void }) {
    this.#client = client;
    this.#server = server;
    const reset = () => this.reset();
    this.#requests = new Lane({ from: client, to: server, random, reset });
    this.#answers = new Lane({ from: server, to: client, random, reset });
    for (const [socket, lane] of [[client, this.#requests] as const, [server, this.#answers] as const]) {
      socket.setNoDelay(true);
      // What went wrong is told by 'close' as well.
      socket.on('error', () => undefined);
      socket.on('close', (hadError: boolean) => {
        if (client.destroyed && server.destroyed) gone(this);
        else if (hadError) lane.broken();
      });
    }
  }

  suffer(toxics: readonly Toxic[]): void {
    this.#requests.suffer(sufferingOf(toxics, 'requests'));
    this.#answers.suffer(sufferingOf(toxics, 'answers'));
  }

  /** Ends it with RST on both sides. */
  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }
}
