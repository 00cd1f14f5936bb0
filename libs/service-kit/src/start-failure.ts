/** StartFailure: a start-up that failed for a reason that one line can explain, with what to do about it. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** describeStartFailure: why a start-up failed, in one line. */
export function describeStartFailure(error: unknown): string {
  const inUse = portInUse(error);
  if (inUse !== undefined) return `${inUse || 'The port'} is in use. Stop what listens there or configure another port.`;
  return messageOf(error).split('\n').join(' ');
}

/** The address that is taken, as far as the error names it; undefined where the failure is another. grpc-js tells by its message alone. */
function portInUse(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, port, message } = error as { code?: unknown; port?: unknown; message?: unknown };
  if (code === 'EADDRINUSE' && port !== undefined) return `Port ${String(port)}`;
  if (typeof message !== 'string' || !message.includes('EADDRINUSE')) return undefined;
  const named = /address already in use \S*:(\d+)/.exec(message)?.[1];
  return named === undefined ? '' : `Port ${named}`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
