/** What comes of each of these things, so many at a time. */
export async function inTurns<Item, T>(items: readonly Item[], atOnce: number, act: (item: Item) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const turns = items.entries();
  const worker = async () => {
    for (const [place, item] of turns) results[place] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
