const open = new Set<() => Promise<void>>();

/** Has something closed after the test file, unless it was closed before. Returns the function that closes it once. */
export function closedAfterwards(close: () => Promise<void>): () => Promise<void> {
  const once = async () => {
    if (open.delete(once)) await close();
  };
  open.add(once);
  return once;
}

/** Closes what the tests of a file left open. */
export async function closeWhatIsOpen(): Promise<void> {
  await Promise.all([...open].map((close) => close()));
}
