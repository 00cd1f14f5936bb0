import { Agent, request, type IncomingMessage } from 'node:http';

/** One request of a client. */
export interface Sent {
  readonly url: string;
  readonly token: string;
  /** The client's `request-timeout-ms`. */
  readonly timeoutMs?: number | undefined;
  /** The client hangs up after so long, if it has no answer by then. */
  readonly hangUpAfterMs?: number | undefined;
}

/** What came of it, for the client. Times in epoch milliseconds. */
export interface Received {
  readonly sentAt: number;
  readonly endedAt: number;
  /** Absent where the client hung up first. */
  readonly status?: number;
  readonly body: string;
  readonly hungUpAt?: number;
}

const agent = new Agent({ keepAlive: true });

/** Asks and waits for the answer, or hangs up as told. Rejects where the connection fails. */
export function send({ url, token, timeoutMs, hangUpAfterMs }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(timeoutMs !== undefined && { 'request-timeout-ms': String(timeoutMs) }) };
    const sentAt = Date.now();
    const outgoing = request(url, { agent, headers }, (response) => {
      textOf(response).then(
        (body) => {
          clearTimeout(timer);
          resolve({ sentAt, endedAt: Date.now(), status: response.statusCode!, body });
        },
        () => undefined,
      );
    });
    const hangUp = () => {
      const now = Date.now();
      outgoing.destroy();
      resolve({ sentAt, endedAt: now, hungUpAt: now, body: '' });
    };
    const timer = hangUpAfterMs === undefined ? undefined : setTimeout(hangUp, hangUpAfterMs);
    // After a hang-up nobody listens to this any more.
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Does all of it, so much at a time. */
export async function atOnce<Task>(tasks: readonly Task[], most: number, perform: (task: Task) => Promise<void>): Promise<void> {
  const queue = tasks.values();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (const task of queue) await perform(task);
    }),
  );
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
