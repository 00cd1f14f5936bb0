import { fileTypeFromBuffer } from 'file-type';
import type { Bytes } from './bytes.js';
import { findBoxFault, findOggFault, findWebmFault, findWebpFault } from './containers.js';
import { findGifFault } from './gif.js';
import { findJpegFault } from './jpeg.js';
import { findMp3Fault } from './mp3.js';
import { findPdfFault } from './pdf.js';
import { findPngFault } from './png.js';
import { findTextFault, isText, speaksMarkup } from './text.js';
import { endsAsZip, findZipFault } from './zip.js';

interface Kind {
  /** What people call it. */
  readonly noun: string;
  /** What is wrong with a file that begins like one. */
  readonly findFault: (bytes: Bytes) => Promise<string | undefined>;
  /** What clients may say as well, besides the type itself. */
  readonly also?: readonly string[];
}

/** All that is taken, by media type. */
const kinds: Readonly<Record<string, Kind>> = {
  'image/png': { noun: 'a PNG image', findFault: findPngFault, also: ['image/apng', 'image/x-png'] },
  'image/jpeg': { noun: 'a JPEG image', findFault: findJpegFault, also: ['image/jpg', 'image/pjpeg'] },
  'image/webp': { noun: 'a WebP image', findFault: findWebpFault },
  'image/gif': { noun: 'a GIF image', findFault: findGifFault },
  'application/pdf': { noun: 'a PDF document', findFault: findPdfFault },
  'text/plain': { noun: 'plain text', findFault: findTextFault, also: ['text/markdown', 'text/csv', 'text/x-log'] },
  'video/mp4': { noun: 'an MP4 file', findFault: findBoxFault, also: ['audio/mp4', 'video/x-m4v'] },
  'audio/mp4': { noun: 'an MP4 file', findFault: findBoxFault, also: ['video/mp4', 'audio/x-m4a', 'audio/m4a'] },
  'video/webm': { noun: 'a WebM file', findFault: findWebmFault, also: ['audio/webm'] },
  'audio/mpeg': { noun: 'an MP3 file', findFault: findMp3Fault, also: ['audio/mp3'] },
  'audio/ogg': { noun: 'an Ogg file', findFault: findOggFault, also: ['video/ogg', 'application/ogg'] },
  'video/ogg': { noun: 'an Ogg file', findFault: findOggFault, also: ['audio/ogg', 'application/ogg'] },
  'application/zip': { noun: 'a ZIP archive', findFault: findZipFault, also: ['application/x-zip-compressed', 'application/x-zip'] },
};

/** What file-type tells more exactly than anybody needs. */
const sniffedAs: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'audio/ogg; codecs=opus': 'audio/ogg',
};

const anything = 'application/octet-stream';
const sampleLength = 65_536;

/** The media type of a file by its bytes, or why it is not taken. What the client says must agree, or be no claim. */
export async function kindOf(bytes: Bytes, declared: string): Promise<{ readonly type: string } | { readonly fault: string }> {
  if (bytes.size === 0) return { fault: 'is empty' };
  const type = await sniff(bytes);
  const kind = type === undefined ? undefined : kinds[type];
  if (type === undefined || !kind) return { fault: `is of a kind that is not taken${type ? ` (${type})` : ''}` };
  const agrees = declared === type || declared === anything || kind.also?.includes(declared);
  if (!agrees) return { fault: `is ${kind.noun}, but was declared as something else` };
  const fault = (await kind.findFault(bytes)) ?? (await findStowaway(type, bytes));
  return fault ? { fault } : { type };
}

async function sniff(bytes: Bytes): Promise<string | undefined> {
  const sample = Buffer.from(await bytes.read(0, sampleLength));
  const sniffed = (await fileTypeFromBuffer(sample).catch(() => undefined))?.mime;
  const type = sniffed && (sniffedAs[sniffed] ?? sniffed);
  if (type && Object.hasOwn(kinds, type)) return type;
  return (await isText(bytes)) ? 'text/plain' : type;
}

/** A second file within the first, for who reads it otherwise. */
async function findStowaway(type: string, bytes: Bytes): Promise<string | undefined> {
  if (type !== 'application/zip' && (await endsAsZip(bytes))) return 'is a ZIP archive as well';
  if (type.startsWith('image/') && (await speaksMarkup(bytes))) return 'is a page or a script as well';
  return undefined;
}
