import { open } from 'node:fs/promises';
import type { RequestContext } from '@facet/context';
import { newId, within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import type { IncomingFiles, ReceivedFile } from '../files/incoming-files.js';
import { FileBytes } from '../kinds/bytes.js';
import { kindOf } from '../kinds/kind-of.js';
import type { Media } from '../media.js';
import { cleanName } from '../multipart/clean-name.js';
import type { Part } from '../multipart/read-parts.js';
import type { Attachment } from '../store/tables.js';

/** A file that is here, and what its client said of it. */
export interface NewFile extends ReceivedFile {
  readonly id: string;
  /** Its place in the form. */
  readonly index: number;
  readonly name: string;
  readonly declared: string;
}

export async function receiveFile(incoming: IncomingFiles, part: Part, index: number, most: number): Promise<NewFile> {
  const cleaned = cleanName(part.name);
  if ('fault' in cleaned) throw refused(index, cleaned.fault);
  const id = newId();
  return { ...(await incoming.receive(id, part.content, most)), id, index, name: cleaned.name, declared: part.type };
}

/** What it is by its bytes; refused unless it is that from the first to the last. An image has its thumbnails afterwards. */
export async function examineFile(
  { images, clock }: Media,
  incoming: IncomingFiles,
  { id, index, name, declared, path, size, hash }: NewFile,
  context: RequestContext,
): Promise<Attachment> {
  const { signal } = within(context);
  signal.throwIfAborted();
  const kind = await inspect(path, size, declared);
  if ('fault' in kind) throw refused(index, kind.fault);
  const { type } = kind;
  const facts = type.startsWith('image/')
    ? await images.examine({ path, type, pathOf: (width) => incoming.pathOf(id, width) }, signal)
    : undefined;
  if (facts && 'fault' in facts) throw refused(index, facts.fault);
  const { width = null, height = null, thumbnails = [] } = facts ?? {};
  const owner_id = context.caller.subject;
  const row = { id, owner_id, name, type, size, hash, width, height, thumbnails: [...thumbnails], created_at: clock.now() };
  return { ...row, message_id: null, room_id: null };
}

async function inspect(path: string, size: number, declared: string) {
  const handle = await open(path, 'r');
  try {
    return await kindOf(new FileBytes(handle, size), declared);
  } finally {
    await handle.close();
  }
}

function refused(index: number, fault: string): ProblemError {
  return new ProblemError('file-refused', {
    detail: `File ${index + 1} ${fault}.`,
    errors: [{ pointer: `/files/${index}`, detail: fault }],
  });
}
