import type { Member } from '@facet/balancing';
import { DownstreamError } from '@facet/errors';
import { methodOf, pathOf, type MethodDefinition } from '@facet/service-kit/wire';
import { readBatch, writeBatch } from './batch-wire.js';
import type { Call } from './call.js';
import type { OutgoingRpc } from './channel.js';
import { MessageReader } from './message-reader.js';
import type { Remote } from './remote.js';

/** The part of the earliest deadline by which a batch is to be answered: the rest is for the way back. */
const answerShare = 0.95;
const learning = 0.2;

/** MethodWire: the calls to one method as RPCs: one call as itself, several as one call of the batch twin, and what their answers say. */
export class MethodWire {
  readonly single: MethodDefinition;
  readonly #remote: Remote;
  readonly #twin: MethodDefinition | undefined;
  readonly #singlePath: string;
  #bytesPerAnswer = 1;

  /** `batches`: whether the twin is used, where there is one. */
  constructor(remote: Remote, name: string, batches: boolean) {
    const { service } = remote;
    const twin = batches ? service.batchedBy[name] : undefined;
    this.#remote = remote;
    this.single = methodOf(service, name);
    this.#singlePath = pathOf(service, this.single);
    this.#twin = twin === undefined ? undefined : methodOf(service, twin);
  }

  /** Several calls may be one RPC. */
  get batches(): boolean {
    return this.#twin !== undefined;
  }

  /** What one answer weighs, from what was seen. */
  get bytesPerAnswer(): number {
    return this.#bytesPerAnswer;
  }

  /**
   * What is sent now. It may take as long as the most patient caller waits, and the service is told by when the least patient one needs
   * what there is.
   */
  rpcOf(calls: readonly Call[], member: Member): OutgoingRpc {
    const [first] = calls;
    const { requestId = '', traceparent } = first!.context ?? {};
    let [earliest, last] = [Infinity, 0];
    for (const call of calls) {
      earliest = Math.min(earliest, call.nextDeadline);
      last = Math.max(last, call.deadline);
    }
    if (calls.length === 1 || !this.#twin) {
      const { token, bytes } = first!;
      return { path: this.#singlePath, bytes, headers: { token, requestId, traceparent }, deadline: last, member };
    }
    const answerWithinMs = Math.max(1, (earliest - Date.now()) * answerShare);
    return {
      path: pathOf(this.#remote.service, this.#twin),
      bytes: writeBatch(calls),
      headers: { requestId, traceparent, answerWithinMs },
      deadline: last,
      member,
    };
  }

  /** What each call is answered with, or why none of them is. */
  read(calls: readonly Call[], bytes: Buffer | undefined): readonly unknown[] | DownstreamError {
    const { dependency } = this.#remote;
    const { responseType } = this.single;
    try {
      if (!bytes) throw new Error('The answer has no message');
      this.#bytesPerAnswer += learning * (bytes.length / calls.length - this.#bytesPerAnswer);
      if (calls.length === 1) return [responseType.decode(new MessageReader(bytes))];
      return readBatch(dependency, responseType, bytes, calls.length);
    } catch (cause) {
      return new DownstreamError(dependency, 'invalid', { cause });
    }
  }
}
