import { encodeMessage, methodOf, type BatchRequest, type MethodDefinition, type ServiceDefinition } from '@facet/service-kit/wire';
import type { SyntheticMethod } from './methods.js';
import { anybody, Template } from './template.js';

/** How often a method was called: RPCs on the wire and the calls in them. */
export interface Counts {
  rpcs: number;
  items: number;
}

type Answer = (bytes: Buffer) => Buffer;
type AnyMethod = SyntheticMethod<unknown>;

/** What a method answers to the bytes of one call, and to those of a batch: copies of messages that were encoded before. */
export function serveTemplates(service: ServiceDefinition, name: string, method: AnyMethod, counts: Counts) {
  const single = methodOf(service, name);
  const twin = methodOf(service, service.batchedBy[name] ?? name);
  const answers = templates(method, (answer) => encodeMessage(single.responseType, single.responseType.fromPartial(answer)));
  const results = templates(method, (answer) => encodeResult(twin, answer));

  const serveSingle: Answer = (bytes) => {
    const request = single.requestType.decode(bytes);
    count(counts, 1);
    return join([answers(request)], [method.about(request)]);
  };
  const serveBatch: Answer = (bytes) => {
    const { items } = twin.requestType.decode(bytes) as BatchRequest;
    count(counts, items.length);
    return join(
      items.map(({ request }) => results(request)),
      items.map(({ request }) => method.about(request)),
    );
  };
  return { serveSingle, serveBatch };
}

/** A repeated field of one element: several of them one after the other are a batch's whole response. */
function encodeResult({ responseType }: MethodDefinition, answer: object): Buffer {
  return encodeMessage(responseType, responseType.fromPartial({ results: [{ result: { $case: 'response', value: answer } }] }));
}

function templates({ size = () => 0, answer }: AnyMethod, encode: (answer: object) => Buffer): (request: unknown) => Template {
  const known = new Map<number, Template>();
  return (request) => {
    const wanted = size(request);
    const template = known.get(wanted) ?? new Template(encode(answer(anybody, wanted)));
    known.set(wanted, template);
    return template;
  };
}

function join(messages: readonly Template[], numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(messages.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  messages.forEach((message, position) => (end = message.write(bytes, end, numbers[position] ?? 0)));
  return bytes;
}

function count(counts: Counts, items: number): void {
  counts.rpcs += 1;
  counts.items += items;
}
