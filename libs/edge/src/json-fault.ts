type State = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'after';

const token =
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** locateJsonFault: where a text stops being JSON (RFC 8259), as `line 1, column 13`. For texts that JSON.parse refused: its own messages do not always say. */
export function locateJsonFault(text: string): string {
  const before = text.slice(0, faultOffset(text));
  const lines = before.split('\n');
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}

function faultOffset(text: string): number {
  const open: string[] = [];
  let state: State | undefined = 'value';
  token.lastIndex = 0;
  for (;;) {
    const start = token.lastIndex;
    const match = token.exec(text);
    const kind = match && (match[1] ?? (match[2] ? 'string' : 'scalar'));
    const next: State | undefined = kind ? follow(state, kind, open) : undefined;
    if (!next) return start + /^[ \t\n\r]*/.exec(text.slice(start))![0].length;
    state = next;
  }
}

function follow(state: State, kind: string, open: string[]): State | undefined {
  const ends = (state === 'key or end' && kind === '}') || (state === 'value or end' && kind === ']');
  if (ends) return close(open);
  if (state === 'after') return afterValue(kind, open);
  if (state === 'colon') return kind === ':' ? 'value' : undefined;
  if (state.startsWith('key')) return kind === 'string' ? 'colon' : undefined;
  return begin(kind, open);
}

function begin(kind: string, open: string[]): State | undefined {
  if (kind === 'string' || kind === 'scalar') return 'after';
  if (kind !== '{' && kind !== '[') return undefined;
  open.push(kind);
  return kind === '{' ? 'key or end' : 'value or end';
}

function afterValue(kind: string, open: string[]): State | undefined {
  const inside = open.at(-1);
  if (kind === ',' && inside) return inside === '{' ? 'key' : 'value';
  if ((kind === '}' && inside === '{') || (kind === ']' && inside === '[')) return close(open);
  return undefined;
}

function close(open: string[]): State {
  open.pop();
  return 'after';
}
