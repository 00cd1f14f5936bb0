const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

/** The document with what the bench wrote last replaced by this. */
export function withTables(document: string, tables: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no place for the tables: ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${tables}\n\n${document.slice(to)}`;
}
