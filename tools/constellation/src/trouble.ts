/** A failure as one line that says what to do. */
export function oneLine(error: unknown): string {
  const { code, message, path } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === '53100') return 'The disk is full. Free some space, then start again: nothing is lost.';
  if (code === 'EACCES' || code === 'EPERM')
    return `${path ?? 'A file'} may not be written by this user. Change its owner, or set FACET_HOME to another folder.`;
  if (code === 'ECONNREFUSED')
    return 'Nothing listens where DATABASE_URL points. Start that PostgreSQL, or unset DATABASE_URL for the embedded one.';
  return message.split('\n')[0]!;
}
