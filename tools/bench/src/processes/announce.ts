/** What the bench asks a child, and the child answers. */
export interface Question {
  readonly question: string;
  readonly id: number;
  readonly about?: unknown;
}

/** Tells the bench, in a child of it, that this process serves, and where. A bench that goes away takes the process with it. */
export function announce(where: object): void {
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: where });
}

/** Answers one kind of question of the bench. Answers are JSON; a failure is its message. */
export function onQuestion(question: string, answer: (about: unknown) => unknown): void {
  process.on('message', (message: Partial<Question>) => {
    if (message.question !== question) return;
    Promise.resolve(message.about)
      .then(answer)
      .then(
        (value) => process.send?.({ id: message.id, answer: value ?? null }),
        (error: unknown) => process.send?.({ id: message.id, failure: String(error) }),
      );
  });
}

/** What a child was started with. */
export function settings<Settings>(): Settings {
  return JSON.parse(process.argv[2] ?? '{}') as Settings;
}
