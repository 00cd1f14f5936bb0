import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface Question {
  readonly challenge: string;
  readonly rp?: { id: string };
  readonly rpId?: string;
  readonly user?: { id: string };
}

export interface Quirks {
  readonly origin?: string;
  readonly rpId?: string;
  readonly verified?: boolean;
  readonly counter?: number;
}

/** A passkey in software: it makes keys, and signs what it is asked, as WebAuthn Level 3 says. */
export class Authenticator {
  readonly id = randomBytes(16);
  counter = 0;
  userHandle = '';
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(
    private readonly origin: string,
    private readonly synced = false,
  ) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = pair.privateKey;
    this.#publicKey = pair.publicKey;
  }

  create(question: Question, quirks: Quirks = {}): string {
    this.userHandle = question.user!.id;
    const credential = Buffer.concat([Buffer.alloc(16), twoBytes(this.id.length), this.id, this.#coseKey()]);
    const authData = this.#authData(quirks.rpId ?? question.rp!.id, { ...quirks, credential });
    const attestation = cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    const response = {
      clientDataJSON: this.#clientData('webauthn.create', question.challenge, quirks),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal', 'something new'].slice(0, 1),
    };
    return this.#answer(response);
  }

  get(question: Question, quirks: Quirks = {}): string {
    this.counter = quirks.counter ?? this.counter + 1;
    const clientDataJSON = this.#clientData('webauthn.get', question.challenge, quirks);
    const authenticatorData = this.#authData(quirks.rpId ?? question.rpId!, quirks);
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()]);
    return this.#answer({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  #answer(response: object): string {
    const id = this.id.toString('base64url');
    return JSON.stringify({
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response,
    });
  }

  #clientData(type: string, challenge: string, { origin }: Quirks): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin: origin ?? this.origin, crossOrigin: false })).toString('base64url');
  }

  #authData(rpId: string, { verified = true, credential }: Quirks & { credential?: Buffer }): Buffer {
    const flags = 0x01 | (verified ? 0x04 : 0) | (this.synced ? 0x18 : 0) | (credential ? 0x40 : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter, credential ?? Buffer.alloc(0)]);
  }

  /** RFC 9053: EC2, ES256, P-256, x, y. */
  #coseKey(): Buffer {
    const { x, y } = this.#publicKey.export({ format: 'jwk' });
    const bytes = (text: string | undefined) => Buffer.from(text!, 'base64url');
    return cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]),
    );
  }
}

type Cbor = number | string | Buffer | Map<number | string, Cbor>;

/** The little of CBOR (RFC 8949) that is needed here. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, each]) => [cbor(key), cbor(each)])]);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.concat([Buffer.from([(major << 5) | 25]), twoBytes(length)]);
}

function twoBytes(length: number): Buffer {
  return Buffer.from([length >> 8, length & 0xff]);
}
