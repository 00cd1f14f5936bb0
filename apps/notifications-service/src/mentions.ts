export const mostMentions = 50;

const longestName = 64;
// Letters, digits and what usernames may have between them. Not after what makes it part of an e-mail address or a link.
const candidate = /(?<![\p{L}\p{N}._%+@/-])@([\p{L}\p{N}][\p{L}\p{N}._-]*)(?![\p{L}\p{N}._@-])/gu;

/**
 * Usernames, in the form of `usernameKey`, that a text may mention: "@bob." means `bob` as well as `bob.`, since both are names. Who of them exists
 * is for others to say. The first 50 count.
 */
export function mentionsIn(text: string): string[] {
  const names = new Set<string>();
  let mentions = 0;
  for (const [, name = ''] of text.matchAll(candidate)) {
    if (mentions === mostMentions) break;
    const readings = [name, name.replace(/[._-]+$/, '')].filter((reading) => [...reading].length <= longestName).map(usernameKey);
    if (readings.some((reading) => !names.has(reading))) mentions += 1;
    readings.forEach((reading) => names.add(reading));
  }
  return [...names];
}

/** Usernames are the same whatever their case. */
export function usernameKey(username: string): string {
  return username.normalize('NFC').toLowerCase();
}
