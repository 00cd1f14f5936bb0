import type { Explanation } from '@facet/errors';
import type { Logger } from '@facet/observability';
import { problemOf } from './rpc-status.js';

/** RpcLog: what is written about the calls of one RPC that did not go well. */
export class RpcLog {
  constructor(
    /** `facet.rooms.v1.RoomsService/GetRoom`. */
    private readonly rpc: string,
    private readonly logger: Logger,
  ) {}

  /** One line for what is our fault, a quiet one for what is the caller's. */
  failed({ requestId }: { requestId: string }, error: unknown): void {
    const problem = problemOf(error);
    const fields = { rpc: this.rpc, requestId, problem: problem.code };
    if (problem.code === 'internal-error') this.logger.error({ ...fields, error }, 'RPC failed');
    else if (problem.status >= 500) this.logger.warn({ ...fields, error: problem.cause ?? problem.message }, 'RPC failed');
    else if (problem.explanation) this.refused({ requestId }, problem.explanation);
    else this.logger.debug({ ...fields, error: problem }, 'RPC refused');
  }

  /** A rule refused somebody: which, and why, in words that are about nobody. */
  refused({ requestId }: { requestId: string }, { rule, because }: Explanation): void {
    this.logger.info({ rpc: this.rpc, requestId, rule, because }, 'RPC refused');
  }

  /** A batch was answered without some of its items. */
  late({ requestId }: { requestId: string }, late: number, items: number): void {
    this.logger.warn({ rpc: this.rpc, requestId, late, items }, 'RPC answered in part');
  }
}
