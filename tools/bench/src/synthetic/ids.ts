/** How many people the synthetic world has; requests draw theirs from all of them. */
export const people = 100_000;

const kinds = { user: 1, room: 2, notification: 3, message: 4 } as const;

/** The id of the `index`-th thing of its kind that belongs to the person of this number. Its last 12 digits are that number. */
export function idOf(kind: keyof typeof kinds, number: number, index = 0): string {
  return `019${kinds[kind]}0000-0000-7000-80${index.toString(16).padStart(2, '0')}-${digitsOf(number)}`;
}

/** The number as the last 12 digits of an id have it. */
export function digitsOf(number: number): string {
  return number.toString(16).padStart(12, '0');
}

/** Whose thing an id names; 0 where there is no id. */
export function numberOf(id: string | undefined): number {
  return id ? Number.parseInt(id.slice(-12), 16) : 0;
}

/** Which of the things of that person. */
export function indexOf(id: string): number {
  return Number.parseInt(id.slice(21, 23), 16);
}
