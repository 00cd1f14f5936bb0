const mostCodePoints = 120;
const longestExtension = 12;

/** A name for people, or why it is none. It is shown and never used as a path. */
export function cleanName(given: string): { readonly name: string } | { readonly fault: string } {
  const fault = faultIn(given);
  if (fault) return { fault };
  const name = given.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (/^\.*$/.test(name)) return { fault: 'has no name' };
  return { name: shortened(name) };
}

function faultIn(name: string): string | undefined {
  if (!name.isWellFormed() || name.includes('\u{fffd}')) return 'has a name that is not UTF-8';
  if (/[/\\]/.test(name)) return 'has a path for a name';
  if (/\p{Cc}/u.test(name)) return 'has control characters in its name';
  if (/[\p{Bidi_Control}\u2028\u2029\p{Noncharacter_Code_Point}]/u.test(name))
    return 'has invisible characters in its name that turn or break lines';
  return undefined;
}

/** The end of a name says what the file is. */
function shortened(name: string): string {
  const points = [...name];
  if (points.length <= mostCodePoints) return name;
  const extension = [...(/\.[^. ]+$/.exec(name)?.[0] ?? '')];
  const kept = extension.length <= longestExtension ? extension : [];
  return [...points.slice(0, mostCodePoints - 1 - kept.length), '…', ...kept].join('');
}
