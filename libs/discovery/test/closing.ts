const open: (() => unknown)[] = [];

/** Has something closed after the test. */
export function closedAfterwards(close: () => unknown): void {
  open.push(close);
}

/** Closes it, the last first. */
export async function closeWhatIsOpen(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}
