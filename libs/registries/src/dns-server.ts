import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Answered: what the server says of a name and a kind: records, that there are none, that there is no such name, that it does not know; or nothing at all. */
export type Answered = readonly Uint8Array[] | 'NXDOMAIN' | 'SERVFAIL' | 'silence';

const kinds = { A: 1, AAAA: 28, SRV: 33 } as const;
type Kind = keyof typeof kinds;
const codes = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const ttlSeconds = 3_600;

/** DnsServer: a name server over UDP (RFC 1035, RFC 3596, RFC 2782). What it was not told of does not exist. */
export class DnsServer {
  /** `A rooms.example` of every question. */
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answered>();
  #socket: Socket | undefined;
  #port = 0;

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    this.#socket = createSocket('udp4', (message, from) => {
      const answer = this.#answerTo(message);
      if (answer) this.#socket?.send(answer, from.port, from.address);
    });
    this.#socket.bind(this.#port, '127.0.0.1');
    await once(this.#socket, 'listening');
    this.#port = this.#socket.address().port;
    return this;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket?.close(resolve));
  }

  addresses(name: string, ...addresses: string[]): void {
    const ofKind = (kind: Kind, isOf: (address: string) => boolean) => this.says(kind, name, addresses.filter(isOf).map(bytesOf));
    ofKind('A', (address) => !address.includes(':'));
    ofKind('AAAA', (address) => address.includes(':'));
  }

  service(name: string, ...records: readonly { priority?: number; weight?: number; port: number; target: string }[]): void {
    const data = records.map(({ priority = 0, weight = 0, port, target }) => {
      const head = Buffer.alloc(6);
      head.writeUInt16BE(priority, 0);
      head.writeUInt16BE(weight, 2);
      head.writeUInt16BE(port, 4);
      return Buffer.concat([head, nameBytes(target)]);
    });
    this.says('SRV', name, data);
  }

  says(kind: Kind, name: string, answer: Answered): void {
    this.#answers.set(`${kind} ${name}`, answer);
  }

  #answerTo(message: Buffer): Buffer | undefined {
    const { name, end } = readName(message);
    const kind = Object.entries(kinds).find(([, number]) => number === message.readUInt16BE(end))?.[0] ?? '?';
    this.asked.push(`${kind} ${name}`);
    const isKnown = Object.keys(kinds).some((one) => this.#answers.has(`${one} ${name}`));
    const answer = this.#answers.get(`${kind} ${name}`) ?? (isKnown ? [] : 'NXDOMAIN');
    if (answer === 'silence') return undefined;
    const records = typeof answer === 'string' ? [] : answer;
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 | (typeof answer === 'string' ? codes[answer] : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, message.subarray(12, end + 4), ...records.map((data) => recordOf(message.readUInt16BE(end), data))]);
  }
}

function recordOf(kind: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(kind, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttlSeconds, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function readName(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter(Boolean);
  return Buffer.concat([...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);
}

/** Of IPv4, or of IPv6 written as `fd00::1`. */
function bytesOf(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [first = '', last = ''] = address.split('::').map((half) =>
    half
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
  );
  return Buffer.from(first + '0'.repeat(32 - first.length - last.length) + last, 'hex');
}
