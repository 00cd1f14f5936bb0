import { authorize } from '@facet/auth';
import type { GetMessageResponse } from '@facet/contracts/messages';
import { ProblemError } from '@facet/errors';
import { outcomeOf, type BatchContext, type BatchItem, type BatchOutcome } from '@facet/service-kit';
import type { Db } from '../store/tables.js';
import { findMessages, type Found } from './find-messages.js';
import type { GetMessage } from './requests.js';
import { toWireMessage } from './to-message.js';

export async function getMessages(
  db: Db,
  items: readonly BatchItem<GetMessage>[],
  context: BatchContext,
): Promise<BatchOutcome<GetMessageResponse>[]> {
  const refusals = items.map(({ caller }) => outcomeOf(() => authorize(caller, 'message:read')));
  const allowed = items.filter((_, at) => !refusals[at]);

  const found = (await findMessages(db, allowed, context)).values();

  return refusals.map((refusal) => {
    if (refusal) return refusal;
    const outcome = found.next().value!;
    return outcome instanceof Promise ? outcome.then(toResponse) : toResponse(outcome);
  });
}

function toResponse(found: Found | ProblemError): GetMessageResponse | ProblemError {
  return found instanceof ProblemError ? found : { message: toWireMessage(found.message, found.mine) };
}
