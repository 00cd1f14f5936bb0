import { ItemError } from '@facet/contracts';
import { DownstreamError } from '@facet/errors';
import { itemErrorOf, type Codec } from '@facet/service-kit/wire';
import { MessageReader } from './message-reader.js';

/** BatchItemBytes: one call of a batch: its caller's internal token, and its request as the single call would send it. */
export interface BatchItemBytes {
  readonly token: string;
  readonly bytes: Uint8Array;
}

// The shape that every batch twin has (facet/v1/batch.proto, and the check `proto` that holds all of them to it).
const callersField = 0x0a;
const tokensField = 0x0a;
const itemsField = 0x12;
const callerField = 0x08;
const requestField = 0x12;
const resultsField = 1;
const responseField = 1;
const errorField = 2;

/** writeBatch: the request of a batch twin, made of the bytes of its single calls, which are encoded once. Each distinct token is written once. */
export function writeBatch(items: readonly BatchItemBytes[]): Buffer {
  const tokens = new Map<string, number>();
  let callersLength = 0;
  let length = 0;
  for (const { token, bytes } of items) {
    let caller = tokens.get(token);
    if (caller === undefined) {
      tokens.set(token, (caller = tokens.size));
      callersLength += 1 + varintLength(token.length) + token.length;
    }
    const item = itemLength(caller, bytes);
    length += 1 + varintLength(item) + item;
  }
  const batch = Buffer.allocUnsafe(1 + varintLength(callersLength) + callersLength + length);
  let at = writeVarint(batch, callersLength, writeTag(batch, callersField, 0));
  for (const token of tokens.keys()) {
    at = writeVarint(batch, token.length, writeTag(batch, tokensField, at));
    at += batch.write(token, at, 'latin1');
  }
  for (const { token, bytes } of items) at = writeItem(batch, tokens.get(token)!, bytes, at);
  return batch;
}

function writeItem(batch: Buffer, caller: number, bytes: Uint8Array, start: number): number {
  let at = writeVarint(batch, itemLength(caller, bytes), writeTag(batch, itemsField, start));
  if (caller > 0) at = writeVarint(batch, caller, writeTag(batch, callerField, at));
  at = writeVarint(batch, bytes.length, writeTag(batch, requestField, at));
  batch.set(bytes, at);
  return at + bytes.length;
}

function itemLength(caller: number, { length }: Uint8Array): number {
  return (caller > 0 ? 1 + varintLength(caller) : 0) + 1 + varintLength(length) + length;
}

/**
 * readBatch: what came of each item of a batch, by position: its answer, or the error that it failed with. An item whose answer is none is `invalid`, alone;
 * throws where the bytes are no batch of so many results.
 */
export function readBatch(dependency: string, codec: Codec, bytes: Buffer, items: number): unknown[] {
  const reader = new MessageReader(bytes);
  const outcomes: unknown[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field !== resultsField) reader.skip(wireType, field);
    else {
      const length = reader.uint32();
      const end = reader.pos + length;
      if (end > reader.len) throw new RangeError('A result ends behind its batch');
      outcomes.push(readResult(dependency, codec, reader, end));
      reader.pos = end;
    }
  }
  if (outcomes.length !== items) throw new Error(`${items} items have ${outcomes.length} results`);
  return outcomes;
}

function readResult(dependency: string, codec: Codec, reader: MessageReader, end: number): unknown {
  try {
    let outcome: unknown;
    while (reader.pos < end) {
      const [field, wireType] = reader.tag();
      if (field === responseField) outcome = readMessage(codec, reader, end);
      else if (field === errorField) outcome = itemErrorOf(dependency, readMessage(ItemError, reader, end));
      else reader.skip(wireType, field);
    }
    if (outcome === undefined) throw new Error('An item has no result');
    return outcome;
  } catch (cause) {
    return new DownstreamError(dependency, 'invalid', { cause });
  }
}

function readMessage<T>(codec: Codec<T>, reader: MessageReader, limit: number): T {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > limit) throw new RangeError(`A ${codec.$type} ends behind its result`);
  const message = codec.decode(reader, length);
  if (reader.pos !== end) throw new RangeError(`A ${codec.$type} does not end where it says`);
  return message;
}

function writeTag(batch: Buffer, tag: number, at: number): number {
  batch[at] = tag;
  return at + 1;
}

function writeVarint(batch: Buffer, value: number, start: number): number {
  let at = start;
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) batch[at++] = (rest & 0x7f) | 0x80;
  batch[at++] = rest;
  return at;
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}
