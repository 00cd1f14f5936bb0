/** How a service works on an RPC: one statement for all its calls, the same in a transaction, a statement for each call, or no database at all. */
export type Manner = (typeof manners)[number];

const manners = ['statement', 'transaction', 'statements', 'timer'] as const;

/** What one call is to cost the service that it reaches. It travels as an id, so that nothing else must know of it. */
export interface Work {
  /** Of the call, over all of the run. */
  readonly number: number;
  readonly manner: Manner;
  /** At most 4,095. */
  readonly ms: number;
}

/** Calls of one client's request at most. */
export const mostCalls = 4;

/** Whose call it is. */
export function requestOf(call: number): number {
  return Math.floor(call / mostCalls);
}

/** The work as a UUID, of which every service takes one. */
export function idOf({ number, manner, ms }: Work): string {
  return `019a0000-0000-7${hex(manners.indexOf(manner), 3)}-8${hex(ms, 3)}-${hex(number, 12)}`;
}

/** The work that an id stands for. */
export function workOf(id: string): Work {
  const [, , manner, ms, number] = id.split('-');
  return { number: fromHex(number), manner: manners[fromHex(manner?.slice(1))] ?? 'timer', ms: fromHex(ms?.slice(1)) };
}

/** Some work of random length, most of it in the database. */
export function randomWork(number: number, random: () => number): Work {
  return { number, manner: manners[Math.floor(random() * manners.length)]!, ms: Math.floor(random() * 401) };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function fromHex(digits: string | undefined): number {
  return Number.parseInt(digits ?? '', 16);
}
