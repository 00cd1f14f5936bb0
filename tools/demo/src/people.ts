import { Random } from './random.js';
import { userIdOf } from './stable-id.js';

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email?: string;
  readonly role: 'admin' | 'moderator' | 'user' | 'guest';
  readonly kind: 'person' | 'bot';
}

const first =
  `Ada Amir Anna Ben Boris Chloe Clara Dario Diego Elena Emil Farid Fiona Gustav Hana Hugo Ines Ivan Jana Jonas Kai Karim Lara Leo Lina Luca
Maja Marek Mia Milan Nadia Nils Nora Oskar Paula Petra Rafael Rosa Samir Sara Tariq Tessa Theo Uma Vera Viktor Wanda Yara Yusuf Zoe`.split(
    /\s+/,
  );
const last =
  'Abel Berg Costa Dahl Eriksen Fischer Garcia Haas Ito Jansen Kovac Lindt Moreau Novak Okafor Petrov Quist Rossi Santos Tanaka'.split(' ');

const known: readonly [string, Person['role']][] = [
  ['Alice', 'admin'],
  ['Bob', 'moderator'],
  ['Carol', 'user'],
  ['Dave', 'user'],
  ['Gina', 'guest'],
];

/** The bot of the partner application `demo-partner`. */
export const partnerBot: Person = bot('demo-partner-bot', 'Demo Partner');

/** The 200 people of the demo world: the five that the documents speak of, and others with the role `user`. */
export function inventPeople(count = 200): Person[] {
  const random = new Random(200);
  const people = known.map(([name, role]) => person(name.toLowerCase(), name, role));
  const taken = new Set(people.map(({ username }) => username));
  while (people.length < count) {
    const [firstName, lastName] = [random.one(first), random.one(last)];
    const username = `${firstName}.${lastName}`.toLowerCase();
    if (taken.has(username)) continue;
    taken.add(username);
    people.push(person(username, `${firstName} ${lastName}`, 'user'));
  }
  return people;
}

function person(username: string, name: string, role: Person['role']): Person {
  return { id: userIdOf(username), username, name, email: `${username}@demo.example`, role, kind: 'person' };
}

function bot(username: string, name: string): Person {
  return { id: userIdOf(username), username, name, role: 'user', kind: 'bot' };
}
