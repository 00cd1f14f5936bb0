import { BinaryWriter, type BinaryReader } from '@bufbuild/protobuf/wire';
import type { ServiceDefinition as GrpcServiceDefinition } from '@grpc/grpc-js';

/** Codec: how a protobuf message is written and read; what ts-proto generates. */
export interface Codec<T = unknown> {
  readonly $type: string;
  encode(message: T, writer?: BinaryWriter): { finish(): Uint8Array };
  /** From bytes, or so many of them from where a reader stands. */
  decode(input: Uint8Array | BinaryReader, length?: number): T;
  fromPartial(object: object): T;
}

/** MethodDefinition: one RPC of a generated service definition. */
export interface MethodDefinition {
  readonly name: string;
  readonly requestType: Codec;
  readonly requestStream: boolean;
  readonly responseType: Codec;
  readonly responseStream: boolean;
  readonly options?: { readonly idempotencyLevel?: string };
}

/** Effects: what calling a method again does: it has no side effects; the same as calling it once; nobody knows. */
export type Effects = 'none' | 'idempotent' | 'unknown';

/** ServiceDefinition: a service as `@facet/contracts/<domain>/grpc` exports it, with the batch twin of each method that has one. */
export interface ServiceDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
  readonly batchedBy: Readonly<Record<string, string>>;
  /** Of a plain HTTP service: method and path of each of its methods. */
  readonly http?: Readonly<Record<string, string>>;
}

/** RequestOf: the request message of a method. */
export type RequestOf<S extends ServiceDefinition, M extends keyof S['methods']> = ReturnType<S['methods'][M]['requestType']['decode']>;

/** ResponseOf: the response message of a method. */
export type ResponseOf<S extends ServiceDefinition, M extends keyof S['methods']> = ReturnType<S['methods'][M]['responseType']['decode']>;

/** BatchedMethod: names of the methods that have a batch twin. */
export type BatchedMethod<S extends ServiceDefinition> = keyof S['batchedBy'] & keyof S['methods'] & string;

/** SingleMethod: names of the methods that are no batch twin. */
export type SingleMethod<S extends ServiceDefinition> = Exclude<keyof S['methods'] & string, S['batchedBy'][keyof S['batchedBy']]>;

type Atom = Date | Uint8Array | string | number | boolean | bigint | undefined;

/** DeepPartial: a message of which anything may be left out; what is absent is the field's default. */
export type DeepPartial<T> = T extends Atom
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepPartial<Item>[]
    : T extends { $case: string; value: unknown }
      ? { $case: T['$case']; value?: DeepPartial<T['value']> }
      : { [Key in keyof T]?: DeepPartial<T[Key]> };

/** methodOf: a method of a service; throws where the definition has none of that name. */
export function methodOf(service: ServiceDefinition, name: string): MethodDefinition {
  const method = service.methods[name];
  if (!method) throw new Error(`${service.fullName} has no method ${name}`);
  return method;
}

/** effectsOf: what the proto says of a method's effects by `idempotency_level`. Where it says nothing, calling twice may do it twice. */
export function effectsOf({ options }: MethodDefinition): Effects {
  return effectsByLevel[options?.idempotencyLevel ?? ''] ?? 'unknown';
}

const effectsByLevel: Readonly<Record<string, Effects>> = { NO_SIDE_EFFECTS: 'none', IDEMPOTENT: 'idempotent' };

/** pathOf: the path of a method on the wire. */
export function pathOf(service: ServiceDefinition, method: MethodDefinition): string {
  return `/${service.fullName}/${method.name}`;
}

/** A writer keeps its memory; one that has written more is not worth keeping. */
const mostKeptBytes = 262_144;
let writer = new BinaryWriter();

/** encodeMessage: a message as bytes. All messages are written by one writer, whose memory is used again. */
export function encodeMessage(codec: Codec, message: unknown): Buffer {
  let sound = false;
  try {
    const { buffer, byteOffset, byteLength } = codec.encode(message, writer).finish();
    sound = byteLength <= mostKeptBytes;
    return Buffer.from(buffer, byteOffset, byteLength);
  } finally {
    if (!sound) writer = new BinaryWriter();
  }
}

const asBytes = (bytes: Buffer): Buffer => bytes;

/** rawDefinition: a service for @grpc/grpc-js whose messages are bytes, so that what cannot be decoded is answered by us. Keys are method names as in the definition. */
export function rawDefinition(service: ServiceDefinition): GrpcServiceDefinition {
  const methods = Object.entries(service.methods).map(([key, method]) => {
    const { name: originalName, requestStream, responseStream } = method;
    const bytes = { requestSerialize: asBytes, requestDeserialize: asBytes, responseSerialize: asBytes, responseDeserialize: asBytes };
    return [key, { path: pathOf(service, method), originalName, requestStream, responseStream, ...bytes }];
  });
  return Object.fromEntries(methods) as GrpcServiceDefinition;
}
