/** Groups: members by the name that they share. A group without members takes no room. */
export class Groups<Member> {
  readonly #members = new Map<string, Set<Member>>();

  of(name: string): Iterable<Member> {
    return this.#members.get(name) ?? [];
  }

  *all(): Iterable<Member> {
    for (const group of this.#members.values()) yield* group;
  }

  add(name: string, member: Member): void {
    const group = this.#members.get(name);
    if (group) group.add(member);
    else this.#members.set(name, new Set([member]));
  }

  delete(name: string, member: Member): void {
    const group = this.#members.get(name);
    if (group?.delete(member) && group.size === 0) this.#members.delete(name);
  }
}
