import type { IHeaders } from 'kafkajs';
import type { EventRecord } from './event.js';

/** Headers of an event in a Kafka record: CloudEvents 1.0.2, Kafka protocol binding, binary mode, with the partitioning and tracing extensions. */
export function headersOf({ id, type, source, time, key, traceparent }: EventRecord): IHeaders {
  return {
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: `/${source}`,
    ce_type: type,
    ce_time: time.toISOString(),
    ce_partitionkey: key,
    ...(traceparent && { ce_traceparent: traceparent }),
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The event that a Kafka record carries; undefined where it is none of ours. */
export function eventOf(topic: string, headers: IHeaders, data: Buffer | null): EventRecord | undefined {
  const text = (name: string) => headers[name]?.toString();
  const [id, type, source, time] = [text('ce_id'), text('ce_type'), text('ce_source'), text('ce_time')];
  if (!id || !uuid.test(id) || !type || !source || !time || !data) return undefined;
  const traceparent = text('ce_traceparent');
  return {
    id: id.toLowerCase(),
    topic,
    key: text('ce_partitionkey') ?? '',
    type,
    source: source.slice(1),
    time: new Date(time),
    ...(traceparent && { traceparent }),
    data,
  };
}
