/** LogFields: what a log line says besides its message. A field that is not on the allow-list below does not leave the process. */
export interface LogFields {
  readonly [name: string]: unknown;
}

/** Names of the fields that may leave. Never add one that can hold a credential, a text somebody wrote, or who somebody is beyond an id. */
const allowed = new Set([
  // the request
  'requestId',
  'clientRequestId',
  'method',
  'route',
  'status',
  'code',
  'problem',
  'durationMs',
  'bytes',
  'client',
  'audience',
  'subject',
  'kind',
  'operation',
  'degraded',
  'rule',
  'because',
  // the call
  'service',
  'rpc',
  'dependency',
  'reason',
  'items',
  'late',
  'attempt',
  'target',
  // the event
  'topic',
  'group',
  'eventId',
  'eventType',
  'key',
  'position',
  'count',
  // the process
  'context',
  'environment',
  'listening',
  'port',
  'pid',
  'signal',
  'exitCode',
  'migration',
  'schema',
  'step',
  'limit',
]);

/** The fields that may leave, with an `error` turned into its type, its message and its stack. Values that are not plain leave as JSON would show them. */
export function allowFields(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    if (name === 'error') Object.assign(kept, describeError(fields[name]));
    else if (allowed.has(name)) kept[name] = fields[name];
  }
  return kept;
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.message, errorType: error.name, stack: stackOf(error) };
}

/** The stack with those of its causes, at most five deep. */
function stackOf(error: Error, depth = 5): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  if (depth <= 1 || error.cause === undefined) return own;
  const cause = error.cause instanceof Error ? stackOf(error.cause, depth - 1) : String(error.cause);
  return `${own}\ncaused by: ${cause}`;
}
