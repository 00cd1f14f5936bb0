import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Person, until } from '../src/person.js';

const demo = inject('demo');
const [alice, carol, dave] = ['alice', 'carol', 'dave'].map((name) => new Person(demo, name)) as [Person, Person, Person];
let roomId: string;

/** The process of notifications-service of this installation. */
function notifications(): number {
  const lines = execFileSync('ps', ['eaxww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  const own = (line: string) => line.includes(inject('home')) && line.includes('apps/notifications-service/dist/main.js');
  return Number.parseInt(lines.find(own) ?? '', 10);
}

const unreadOf = async (person: Person) => (await person.mobile('GET', '/home')).body.unread as number | null;
const isNumber = (unread: number | null) => typeof unread === 'number';

beforeAll(async () => {
  const { body } = await alice.mobile('POST', '/rooms', { name: `leaving ${Date.now()}`, type: 'public' });
  roomId = body.id;
  for (const person of [carol, dave]) expect((await person.mobile('PUT', `/rooms/${roomId}/membership`)).status).toBe(204);
});
afterAll(() => process.kill(notifications(), 'SIGCONT'));

it('somebody who left a room is shown nothing that was kept for them before, while others still are', async () => {
  // What was kept around their joining is forgotten once the services know of it, two seconds later.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  for (const person of [carol, dave]) expect(await until(() => unreadOf(person), isNumber, 5_000)).toEqual(expect.any(Number));
  expect((await carol.mobile('DELETE', `/rooms/${roomId}/membership`)).status).toBe(204);
  process.kill(notifications(), 'SIGSTOP');
  const gone = await until(
    () => unreadOf(carol),
    (unread) => unread === null,
    5_000,
  );
  expect(gone).toBeNull();
  const { body } = await dave.mobile('GET', '/home');
  expect(body).toMatchObject({ unread: expect.any(Number), degraded: ['notifications'] });
}, 30_000);
