import { PassThrough } from 'node:stream';
import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { ListAttachmentsResponse } from '@facet/contracts/media';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { HttpAnswer } from '@facet/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { IncomingFiles } from '../files/incoming-files.js';
import type { Media } from '../media.js';
import { boundaryOf } from '../multipart/part-headers.js';
import { readParts } from '../multipart/read-parts.js';
import type { Attachment } from '../store/tables.js';
import { examineFile, receiveFile, type NewFile } from './examine-file.js';
import { keepAttachments } from './keep-attachments.js';
import { release, reserve } from './reserve.js';
import { toAttachment } from './to-attachment.js';

/** Files come one after the other. Once all of them are here and sound, all of them are attachments; else none is, and nothing is left of any. */
export async function uploadAttachments(media: Media, request: FastifyRequest, patient: RequestContext): Promise<HttpAnswer> {
  authorize(patient.caller, 'attachment:upload');
  const context = patient.atMost(media.limits.UPLOAD_MS);
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  const uploadId = await reserve(media, bytesAnnounced(media, request), context);
  const body = bodyOf(request, within(context).signal);
  let incoming: IncomingFiles | undefined;
  try {
    incoming = await media.files.begin(uploadId);

    const received = await receiveFiles(media, incoming, body, boundary);
    const attachments: Attachment[] = [];
    for (const file of received) attachments.push(await examineFile(media, incoming, file, context));

    return created(await keepAttachments(media, incoming, attachments, context));
  } finally {
    body.destroy();
    await incoming?.discard();
    await release(media, uploadId);
  }
}

/** What the body will have at most. */
function bytesAnnounced({ limits }: Media, { headers }: FastifyRequest): number {
  const announced = headers['content-length'];
  if (announced === undefined) return limits.MAX_REQUEST_BYTES;
  if (Number(announced) <= limits.MAX_REQUEST_BYTES) return Number(announced);
  throw new ProblemError('payload-too-large', { detail: `A request may have ${limits.MAX_REQUEST_BYTES} bytes.` });
}

/** The body as a stream of its own, which ends with the context while the connection lives on for the answer. */
function bodyOf(request: FastifyRequest, signal: AbortSignal): PassThrough {
  const body = new PassThrough({ highWaterMark: 16_384 });
  // Whoever reads it is told. While nobody reads yet, or any more, there is nobody to be told.
  body.on('error', () => undefined);
  const end = () => void body.destroy(signal.reason as Error);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return request.raw.pipe(body);
}

async function receiveFiles({ limits }: Media, incoming: IncomingFiles, body: PassThrough, boundary: string): Promise<NewFile[]> {
  const files: NewFile[] = [];
  for await (const part of readParts(body, boundary, { parts: limits.MAX_FILES, bytes: limits.MAX_REQUEST_BYTES })) {
    files.push(await receiveFile(incoming, part, files.length, limits.MAX_FILE_BYTES));
  }
  if (files.length === 0) throw new ProblemError('invalid-request', { detail: 'The form has no file.' });
  return files;
}

function created(attachments: readonly Attachment[]): HttpAnswer {
  return new HttpAnswer({
    status: 201,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(ListAttachmentsResponse.toJSON({ attachments: attachments.map(toAttachment) })),
  });
}
