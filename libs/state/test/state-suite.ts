import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SharedState } from '../src/index.js';

/** Engine: where the state is, opened by as many replicas as a test wants. */
export interface Engine {
  open(): Promise<SharedState>;
  close(): Promise<void>;
}

const long = 60_000;
const bytes = (text: string) => Buffer.from(text);

/** The promises of the port, for any adapter behind it. */
export function describeState(adapter: string, start: () => Promise<Engine>): void {
  describe(`state shared by ${adapter}`, () => {
    let engine: Engine;
    let replicas: SharedState[];
    const newKey = () => `key:${randomUUID()}`;
    const read = async (key: string, from = replicas[0]!) => (await from.get(key))?.value.toString();

    beforeAll(async () => {
      engine = await start();
      replicas = await Promise.all([engine.open(), engine.open(), engine.open()]);
    });
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.close()));
      await engine.close();
    });

    test('what one replica puts, the others get, byte by byte', async () => {
      const key = newKey();
      const value = Buffer.from([0, 255, 13, 10, 92, 120, 0]);
      expect(await replicas[0]!.insert(key, value, long)).toBe(true);
      const kept = await replicas[1]!.get(key);
      expect([Buffer.compare(kept!.value, value), kept!.version]).toEqual([0, expect.any(String)]);
      expect(await replicas[2]!.get(newKey())).toBeUndefined();
    });

    test('of a thousand inserts of ten keys at once over three replicas one for each key is told true, and its value stays', async () => {
      const keys = Array.from({ length: 10 }, newKey);
      const attempts = Array.from({ length: 1_000 }, (_, n) => ({ key: keys[n % 10]!, value: `value ${n}` }));
      const outcomes = await Promise.all(attempts.map(({ key, value }, n) => replicas[n % 3]!.insert(key, bytes(value), long)));
      const inserted = attempts.filter((_, n) => outcomes[n]);
      expect(inserted.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(await Promise.all(inserted.map(({ key }) => read(key)))).toEqual(inserted.map(({ value }) => value));
    });

    test('a value is replaced by who knows its version, and by one of those who do', async () => {
      const key = newKey();
      await replicas[0]!.insert(key, bytes('first'), long);
      const { version } = (await replicas[0]!.get(key))!;
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, n) => replicas[n % 3]!.replace(key, version, bytes(`next ${n}`), long)),
      );
      const winners = outcomes.flatMap((outcome, n) => (outcome === undefined ? [] : [`next ${n}`]));
      expect(winners).toEqual([await read(key)]);
      expect((await replicas[1]!.get(key))!.version).toBe(outcomes.find((outcome) => outcome !== undefined));
      expect(await replicas[2]!.replace(key, version, bytes('late'), long)).toBeUndefined();
    });

    test('a version is never another one: who slept through an end and a new beginning changes nothing', async () => {
      const key = newKey();
      await replicas[0]!.insert(key, bytes('same'), long);
      const { version } = (await replicas[0]!.get(key))!;
      expect(await replicas[1]!.delete(key)).toBe(true);
      expect(await replicas[1]!.replace(key, version, bytes('ghost'), long)).toBeUndefined();
      await replicas[1]!.insert(key, bytes('same'), long);
      expect(await replicas[0]!.replace(key, version, bytes('ghost'), long)).toBeUndefined();
      expect(await read(key)).toBe('same');
    });

    test('what was deleted is gone for all, and deleting it again tells so', async () => {
      const key = newKey();
      await replicas[0]!.insert(key, bytes('x'), long);
      expect([await replicas[1]!.delete(key), await replicas[2]!.delete(key), await read(key)]).toEqual([true, false, undefined]);
    });

    test('what has expired is gone, can be put again, and can no longer be replaced', async () => {
      const key = newKey();
      await replicas[0]!.insert(key, bytes('short'), 40);
      const kept = await replicas[0]!.get(key);
      await expect.poll(() => replicas[1]!.get(key)).toBeUndefined();
      expect(await replicas[1]!.replace(key, kept?.version ?? '', bytes('late'), long)).toBeUndefined();
      expect(await replicas[2]!.delete(key)).toBe(false);
      await replicas[0]!.insert(key, bytes('short'), 40);
      await expect.poll(() => replicas[1]!.insert(key, bytes('again'), long)).toBe(true);
      expect(await read(key)).toBe('again');
    });

    test('replacing gives another time', async () => {
      const [longer, shorter, clock] = [newKey(), newKey(), newKey()];
      await Promise.all([replicas[0]!.insert(longer, bytes('x'), 80), replicas[0]!.insert(shorter, bytes('x'), long)]);
      await replicas[0]!.replace(longer, (await replicas[0]!.get(longer))!.version, bytes('y'), long);
      await replicas[0]!.replace(shorter, (await replicas[0]!.get(shorter))!.version, bytes('y'), 1);
      await replicas[0]!.insert(clock, bytes('x'), 100);
      await expect.poll(() => read(clock)).toBeUndefined();
      expect([await read(longer), await read(shorter)]).toEqual(['y', undefined]);
    });

    test('says that it is there', async () => {
      await replicas[0]!.ping();
    });
  });
}
