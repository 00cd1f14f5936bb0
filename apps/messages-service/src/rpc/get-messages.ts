import { authorize } from '@facet/auth';
import type { GetMessageResponse } from '@facet/contracts/messages';
import { ProblemError } from '@facet/errors';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import type { Db } from '../store/tables.js';
import { findMessages } from './find-messages.js';
import type { GetMessage } from './requests.js';
import { toWireMessage } from './to-message.js';

type Outcome = GetMessageResponse | ProblemError;

export async function getMessages(db: Db, items: readonly BatchItem<GetMessage>[], context: BatchContext): Promise<Outcome[]> {
  const refusals = items.map(({ caller }) => outcomeOf(() => authorize(caller, 'message:read')));

  const found = await findMessages(
    db,
    items.filter((_, at) => !refusals[at]),
    context,
  );

  return refusals.map((refusal) => {
    const outcome = refusal ?? found.shift()!;
    return outcome instanceof ProblemError ? outcome : { message: toWireMessage(outcome.message, outcome.mine) };
  });
}
