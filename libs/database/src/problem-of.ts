import { ProblemError } from '@facet/errors';

const away = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** What a failed statement means for the caller: an ended one or a lost server has a code of its own, everything else stays the driver's error. */
export function problemOf(error: unknown): unknown {
  const code = codeOf(error);
  if (code === '57014') return new ProblemError('deadline-exceeded', { cause: error });
  if (away.has(code) || code.startsWith('08') || isLostConnection(error)) {
    return new ProblemError('dependency-unavailable', { cause: error, retryAfterSeconds: 1 });
  }
  return error;
}

/** Whether the server, not the statement, is to blame. */
export function isOutage(problem: unknown): boolean {
  return problem instanceof ProblemError && problem.code === 'dependency-unavailable';
}

/** isUniqueViolation: the statement failed because such a row exists already; with a name, because of that very constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== '23505') return false;
  return constraint === undefined || (error as { constraint?: unknown }).constraint === constraint;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function isLostConnection(error: unknown): boolean {
  return error instanceof Error && /^Connection terminated|Client has encountered a connection error/.test(error.message);
}
