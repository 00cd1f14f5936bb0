const open = new Set<() => Promise<void>>();

/** Has something closed after the test file, unless it was closed before. Returns the function that closes it once. */
export function closedAfterwards(close: () => Promise<void>): () => Promise<void> {
  const once = async () => {
    if (open.delete(once)) await close();
  };
  open.add(once);
  return once;
}

/** Closes what the tests of a file left open, the last first: what was opened later may need what was there before. */
export async function closeWhatIsOpen(): Promise<void> {
  for (const close of [...open].reverse()) await close();
}
