/**
 * How a browser is to take a file (RFC 6266): its name in ASCII for old ones, and in full (RFC 8187) for all others. Names are clean already; here they are kept
 * from ending the quotes they stand in.
 */
export function contentDisposition(name: string, inline: boolean): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const full = encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${full}`;
}
