import type { User } from '@facet/contracts/users';
import { ProblemError } from '@facet/errors';

/** Somebody by id; what else there is to know is found when a field asks. */
export interface UserNode {
  readonly id: string;
}

/** The people of one request, each looked up at most once: a page that shows 40 rooms meets the same 200 members again and again. */
export class People {
  private readonly known = new Map<string, Promise<User | undefined>>();

  constructor(private readonly lookUp: (id: string) => Promise<User | undefined>) {}

  find(id: string): Promise<User | undefined> {
    const known = this.known.get(id) ?? this.lookUp(id);
    this.known.set(id, known);
    return known;
  }

  /** Somebody who was asked for by id and is not there is an error. */
  async get(id: string): Promise<UserNode> {
    if (await this.find(id)) return { id };
    throw new ProblemError('not-found', { detail: 'There is no such user.' });
  }

  /** What is read on in this request is what a change has left. */
  learn(user: User): UserNode {
    this.known.set(user.id, Promise.resolve(user));
    return { id: user.id };
  }
}
