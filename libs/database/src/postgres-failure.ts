/** EmbeddedPostgresReason: why an embedded server did not start. */
export type EmbeddedPostgresReason = 'port-in-use' | 'disk-full' | 'folder-in-use' | 'folder-broken' | 'unsupported';

/** EmbeddedPostgresError: the embedded server did not start; the message is one line for people. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly reason: EmbeddedPostgresReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where it happened, for the message. */
export interface Place {
  readonly folder: string;
  readonly port: number;
}

/** What the output of `initdb` or `postgres` says went wrong. */
export function failureOf(output: string, { folder, port }: Place): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new EmbeddedPostgresError('disk-full', `The disk that holds ${folder} is full. Free some space and start again.`);
  }
  if (/Address already in use|could not create any TCP\/IP sockets/.test(output)) {
    return new EmbeddedPostgresError(
      'port-in-use',
      `Port ${port} is in use by another program. Stop that program, or choose another port for the database.`,
    );
  }
  if (/lock file "postmaster\.pid" already exists/.test(output)) return folderInUse(folder);
  return new EmbeddedPostgresError(
    'folder-broken',
    `The database folder ${folder} cannot be used (${lastComplaint(output)}). Restore it, or begin again without it.`,
  );
}

export function folderInUse(folder: string, pid?: number): EmbeddedPostgresError {
  const who = pid === undefined ? 'another PostgreSQL' : `another PostgreSQL (process ${pid})`;
  return new EmbeddedPostgresError(
    'folder-in-use',
    `The database folder ${folder} is in use by ${who}. Stop what runs on it and start again.`,
  );
}

function lastComplaint(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const complaints = lines.filter((line) => /\b(FATAL|PANIC|error):/.test(line));
  const line = complaints.at(-1) ?? lines.filter(Boolean).at(-1) ?? 'no reason given';
  return line.replace(/^.*?\b(FATAL|PANIC|error):\s*/, '');
}
