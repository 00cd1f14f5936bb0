import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@facet/errors';

/** What a client says of a file. Nothing of it is trusted. */
export interface PartHeaders {
  readonly name: string;
  /** Media type in lower case, without parameters. */
  readonly type: string;
}

/** The boundary of a form (RFC 2046, section 5.1.1), out of its content type. */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^\s;]*))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? '';
  if (!/^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/.test(boundary)) throw malformed('The content type names no boundary.');
  return boundary;
}

/** The headers of a part, which must be a file. */
export function readPartHeaders(bytes: Buffer): PartHeaders {
  const headers = parse(bytes);
  const encoding = headers.get('content-transfer-encoding') ?? 'binary';
  if (!/^(binary|8bit|7bit)$/i.test(encoding)) throw malformed('A part is encoded. Send its bytes as they are.');
  const disposition = headers.get('content-disposition') ?? '';
  const name = /^form-data\s*;/i.test(disposition) ? fileNameOf(disposition) : undefined;
  if (name === undefined) throw malformed('A part is no file: each needs content-disposition: form-data with a filename.');
  return { name, type: (headers.get('content-type') ?? 'text/plain').split(';', 1)[0]!.trim().toLowerCase() };
}

function parse(bytes: Buffer): Map<string, string> {
  if (!isUtf8(bytes)) throw malformed('The headers of a part are not UTF-8.');
  const lines = bytes.toString().split('\r\n');
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+):[ \t]*([^\0-\x08\x0a-\x1f\x7f]*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw malformed('A part has a header that is none, or with control characters in it.');
      return [name.toLowerCase(), value.trim()];
    }),
  );
}

/** As browsers write it (WHATWG HTML, multipart/form-data encoding), as others escape it, and in the extended notation that some use all the same. */
function fileNameOf(disposition: string): string | undefined {
  const extended = /;\s*filename\*=utf-8'[^']*'([^\s;]*)/i.exec(disposition)?.[1];
  if (extended !== undefined) return decoded(extended);
  const [, quoted, plain] = /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/i.exec(disposition) ?? [];
  return quoted?.replace(/\\(["\\])/g, '$1').replace(/%(22|0D|0A)/gi, (escape) => decodeURIComponent(escape)) ?? plain;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ProblemError('invalid-request', { detail: 'A file name is not percent-encoded UTF-8.', cause });
  }
}

function malformed(detail: string): ProblemError {
  return new ProblemError('invalid-request', { detail });
}
