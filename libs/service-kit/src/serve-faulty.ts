import type { Ending } from '@facet/context';
import type { FaultSwitch } from './fault-switch.js';
import type { Invoke, RpcToServe } from './serve-rpc.js';

/** A method as it is served, and what may be the matter with it. */
export interface FaultyRpc {
  readonly faults: FaultSwitch;
  /** As in the proto; for a batch twin that of its single. */
  readonly method: string;
  readonly isTwin: boolean;
}

/** No field of any message: a tag that does not end. */
const undecodable = Buffer.alloc(16, 0xff);
/** A batch without results. */
const resultless = Buffer.alloc(0);

/** invokeFaulty: a handler that is slow, or fails, while that is switched on. */
export function invokeFaulty(invoke: Invoke, { faults, method }: FaultyRpc): Invoke {
  return async (input, context) => {
    await faults.endure(method, (context as { ending: Ending }).ending);
    return invoke(input, context);
  };
}

/** serveFaulty: an RPC whose answers are garbage while that is switched on. What it does, it does. */
export function serveFaulty(serve: RpcToServe['serve'], { faults, method, isTwin }: FaultyRpc): RpcToServe['serve'] {
  return async (bytes, scope) => {
    const answer = await serve(bytes, scope);
    if (!faults.garbles(method)) return answer;
    return isTwin ? resultless : undecodable;
  };
}
