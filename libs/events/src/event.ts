import { newId } from '@facet/database';

/** EventCodec: a generated message type, as ts-proto makes them. */
export interface EventCodec<Data> {
  readonly $type: string;
  encode(message: Data): { finish(): Uint8Array };
  decode(input: Uint8Array): Data;
}

/** EventRecord: an event on its way, in the terms of CloudEvents 1.0 (binary mode); `data` is protobuf. */
export interface EventRecord {
  readonly id: string;
  readonly topic: string;
  /** Events of one key keep their order. Partition key in CloudEvents; never part of the event itself. */
  readonly key: string;
  /** Full name of the message, such as `facet.rooms.v1.RoomCreated`. */
  readonly type: string;
  /** Name of the service that published it. */
  readonly source: string;
  readonly time: Date;
  /** W3C trace context of what caused it. */
  readonly traceparent?: string;
  readonly data: Uint8Array;
}

/** StoredEvent: an event as read from a topic. `position` is opaque; a watch that begins from it continues after this event. */
export interface StoredEvent extends EventRecord {
  readonly position: string;
}

/** EventMeta: what a handler may know besides the data. */
export type EventMeta = Omit<StoredEvent, 'data'>;

/** OutgoingEvent: made by `event`, given to `publish`. */
export type OutgoingEvent = Omit<EventRecord, 'source'>;

/** EventOptions: `key` decides what stays in order (the room's id, say); `time` is when it happened, now unless told. */
export interface EventOptions {
  readonly key: string;
  readonly time?: Date;
  readonly traceparent?: string;
}

/** event: one thing that happened, encoded. Its topic is the package of the message's type. */
export function event<Data>(codec: EventCodec<Data>, { key, time = new Date(), traceparent }: EventOptions, data: Data): OutgoingEvent {
  const encoded = codec.encode(data).finish();
  return { id: newId(), topic: topicOf(codec.$type), key, type: codec.$type, time, ...(traceparent && { traceparent }), data: encoded };
}

/** topicOf: the topic of a type, which is its package: `facet.rooms.v1` for `facet.rooms.v1.RoomCreated`. */
export function topicOf(type: string): string {
  return type.slice(0, type.lastIndexOf('.'));
}
