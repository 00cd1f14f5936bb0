import { encodeMessage, type Codec } from '@facet/service-kit/wire';

/** JsonCodec: a codec that knows proto3 JSON as well; what the contracts of an HTTP service hold. */
export interface JsonCodec<T = unknown> extends Codec<T> {
  fromJSON(object: unknown): T;
  toJSON(message: T): unknown;
}

/** RFC 3339, as proto3 JSON writes a Timestamp. */
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * readJson: a message from proto3 JSON. Generated code takes what it gets: a number for a text, nothing for a list that is none. Here whatever
 * does not have its field's type throws; fields that nobody knows are passed over, as in protobuf.
 */
export function readJson<T>(codec: JsonCodec<T>, text: Buffer): T {
  const json = parse(codec.$type, text);
  if (!isRecord(json)) throw new TypeError(`${codec.$type} is no object`);
  const message = codec.fromJSON(json);
  checkMessage(message, json, codec.$type);
  return message;
}

/** bytesOfJson: the same, as protobuf, which knows numbers better than their fields do. */
export function bytesOfJson(codec: JsonCodec, text: Buffer): Buffer {
  return encodeMessage(codec, readJson(codec, text));
}

/** What is wrong is not repeated in the error: it may be anybody's data. */
function parse(name: string, text: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(text));
  } catch {
    throw new TypeError(`${name} is no JSON`);
  }
}

function checkMessage(message: unknown, json: unknown, name: string): void {
  if (!isRecord(json)) throw new TypeError(`${name} is no object`);
  for (const [field, value] of Object.entries(message as object)) {
    if (isOneOf(value)) checkValue(value.value, json[value.$case], `${name}.${value.$case}`);
    else checkValue(value, json[field] ?? json[snakeCase(field)], `${name}.${field}`);
  }
}

/** What is absent, or null, is the field's default. */
function checkValue(value: unknown, json: unknown, name: string): void {
  if (json === undefined || json === null) return;
  if (Array.isArray(value)) return checkList(value, json, name);
  if (typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)) {
    return checkMessage(value, json, name);
  }
  if (!fits(value, json)) throw new TypeError(`${name} has another type`);
}

function checkList(values: readonly unknown[], json: unknown, name: string): void {
  if (!Array.isArray(json)) throw new TypeError(`${name} is no list`);
  values.forEach((value, at) => {
    if (json[at] === null) throw new TypeError(`${name} holds nothing at ${at}`);
    checkValue(value, json[at], name);
  });
}

function fits(value: unknown, json: unknown): boolean {
  if (value instanceof Date) return typeof json === 'string' && timestamp.test(json) && !Number.isNaN(value.getTime());
  if (value instanceof Uint8Array) return typeof json === 'string';
  if (typeof value === 'number' && typeof json === 'string') return isNumberText(value, json);
  return value === json;
}

/** Numbers of 64 bits are texts in JSON, and enums are their names; a name that nobody knows is -1. */
function isNumberText(value: number, json: string): boolean {
  if (json.trim() === '') return false;
  return Number.isNaN(Number(json)) ? Number.isInteger(value) && value !== -1 : Number(json) === value;
}

function isOneOf(value: unknown): value is { readonly $case: string; readonly value: unknown } {
  return isRecord(value) && typeof value['$case'] === 'string';
}

/** isRecord: whether a value is an object with fields, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
