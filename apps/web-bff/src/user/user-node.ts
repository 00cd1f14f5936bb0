import type { User } from '@facet/contracts/users';

/** Somebody by id. What else there is to know is found once a field asks; nothing where the profile is lost. */
export interface UserNode {
  readonly id: string;
  user?: User | Promise<User | undefined>;
}
