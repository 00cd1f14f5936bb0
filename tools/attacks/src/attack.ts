/** An attack that we know of, what stops it, and the test that shows so. */
export interface Attack {
  readonly attack: string;
  /** What stops it, in a line. */
  readonly defence: string;
  /** The defence itself, in one place or more: without all of it the test must fail. */
  readonly without: readonly [Sabotage, ...Sabotage[]];
  readonly test: ProvenBy;
}

/** A change of one place in the sources that takes a defence away. */
export interface Sabotage {
  /** From the root folder. */
  readonly file: string;
  /** Occurs once in it. */
  readonly replace: string;
  readonly by: string;
}

/** A test, by what its file calls it. */
export interface ProvenBy {
  /** From the root folder. */
  readonly file: string;
  /** As written in the source: of `it.each` with its placeholders. */
  readonly name: string;
}
