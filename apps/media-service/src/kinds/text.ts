import { windowsOf, type Bytes } from './bytes.js';

/** Whether all of it is UTF-8 (RFC 3629) without control characters, but for those that lay out text. */
export async function isText(bytes: Bytes): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const window of windowsOf(bytes)) if (hasControls(decoder.decode(window, { stream: true }))) return false;
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

function hasControls(text: string): boolean {
  return /[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]/.test(text);
}

const tags =
  '!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|object|embed|link|meta|img|form|base|frameset';
const markup = new RegExp(`^[\\s\\ufeff]*<(?:(?:${tags})[\\s/>]|!--|\\?xml|!doctype|\\?php|svg:)`, 'i');

/** Text that a browser would take for a page or a drawing (WHATWG MIME Sniffing, section 7.1, and XML). */
export async function findTextFault(bytes: Bytes): Promise<string | undefined> {
  const head = (await bytes.read(0, 4_096)).toString();
  return markup.test(head) ? 'is HTML, SVG or XML' : undefined;
}

const marks = /<(?:script|html|iframe|\?php|!doctype html)/i;
const longestMark = 16;

/** Whether something else than an image speaks out of one: a page, a script. */
export async function speaksMarkup(bytes: Bytes): Promise<boolean> {
  const head = await bytes.read(0, 16);
  // Headers whose numbers were chosen so that they begin a comment of JavaScript.
  if (/^(?:GIF8[79]a(?:\/\*|=|\/\/)|\xff\xd8\xff[\xe0-\xef]\/\*)/.test(head.toString('latin1'))) return true;
  for await (const window of windowsOf(bytes, longestMark)) if (marks.test(window.toString('latin1'))) return true;
  return false;
}
