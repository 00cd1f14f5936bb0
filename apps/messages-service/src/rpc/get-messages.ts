import { refuseEarly } from '@facet/auth';
import type { GetMessageResponse } from '@facet/contracts/messages';
import { ProblemError } from '@facet/errors';
import { answerAllowed, type BatchContext, type BatchItem, type BatchOutcome } from '@facet/service-kit';
import type { Db } from '../store/tables.js';
import { findMessages, type Found } from './find-messages.js';
import type { GetMessage } from './requests.js';
import { toWireMessage } from './to-message.js';

export async function getMessages(
  db: Db,
  items: readonly BatchItem<GetMessage>[],
  context: BatchContext,
): Promise<BatchOutcome<GetMessageResponse>[]> {
  return await answerAllowed(
    items,
    ({ caller }) => refuseEarly(caller, 'message:read'),
    async (allowed) => {
      const found = await findMessages(db, allowed, { rule: 'message:read' }, context);
      return found.map((outcome) => (outcome instanceof Promise ? outcome.then(toResponse) : toResponse(outcome)));
    },
  );
}

function toResponse(found: Found | ProblemError): GetMessageResponse | ProblemError {
  return found instanceof ProblemError ? found : { message: toWireMessage(found.message, found.mine) };
}
