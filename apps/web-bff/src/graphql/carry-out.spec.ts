import { contextOf } from '@facet/testing';
import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { carryOut } from './carry-out.js';
import { examineOperation } from './examine-operation.js';
import { toSchema } from './executable-schema.js';
import { field, type Resolve } from './field.js';
import { KnownDocument } from './known-document.js';

const sdl = `
  directive @access(rule: String) on FIELD_DEFINITION
  type Query { me: Person @access all: [Person!]! @access must: Person! @access }
  type Mutation { say(text: String!): String! @access }
  type Person { id: ID! name: String! age: Int tags: [String!] best: Person mate: Person! }
`;

interface World {
  readonly query?: Readonly<Record<string, Resolve>>;
  readonly person?: Readonly<Record<string, Resolve>>;
  readonly say?: (text: string) => unknown;
}

function run(query: string, { query: fields = {}, person = {}, say = (text) => text }: World = {}) {
  const all = field({ rows: () => 1 }, (fields.all ?? (() => [])) as () => unknown);
  const Mutation = { say: field({ arguments: z.object({ text: z.string() }) }, (_, { text }) => say(text)) };
  const schema = toSchema([sdl], [{ Query: { ...fields, all }, Person: person, Mutation }]);
  const document = parse(query);
  const plan = new KnownDocument(schema, document).plan(getOperationAST(document)!, {});
  return carryOut(plan, examineOperation(plan, {}), contextOf());
}

const later = (value: unknown) => new Promise((resolve) => setImmediate(resolve, value));
const never = () => new Promise(() => {});
const fail = (text: string) => () => Promise.reject(new Error(text));
const told = ({ errors }: Awaited<ReturnType<typeof run>>) => errors.map(({ path, message }) => `${path?.join('/')}: ${message}`);

describe('carryOut', () => {
  it('answers in the order of the document, whoever is slow', async () => {
    const { data, errors } = await run('{ me { name id age } }', {
      query: { me: () => later({ id: 1, name: () => 'A', age: 7 }) },
      person: { name: async () => (await later(0), later('B')) },
    });
    expect(JSON.stringify(data)).toBe('{"me":{"name":"B","id":"1","age":7}}');
    expect(errors).toEqual([]);
  });

  it('takes a property, a function in its place, and a promise of it', async () => {
    const me = { id: '1', name: () => 'A', age: Promise.resolve(7), tags: ['x'] };
    expect((await run('{ me { id name age tags } }', { query: { me: () => me } })).data).toEqual({
      me: { id: '1', name: 'A', age: 7, tags: ['x'] },
    });
  });

  it('puts null in the place of what fails, or of the nearest thing above that may be null', async () => {
    const people = [{ id: '1', mate: { id: '2' } }, { id: '3' }];
    const outcome = await run('{ me { id age best { id mate { id name } } } }', {
      query: { me: () => ({ id: '1', age: 'old', best: { ...people[0] } }) },
    });
    expect(outcome.data).toEqual({ me: { id: '1', age: null, best: null } });
    expect(told(outcome)).toEqual([
      'me/age: Int cannot represent non-integer value: "old"',
      'me/best/mate/name: Cannot return null for non-nullable field Person.name.',
    ]);
  });

  it('has no data at all where nothing above may be null, and waits for nobody then', async () => {
    const outcome = await run('{ me { id } must { id } }', { query: { me: never, must: fail('boom') } });
    expect(outcome.data).toBeNull();
    expect(told(outcome)).toEqual(['must: boom']);
  });

  it('asks for nothing under what is null already', async () => {
    const asked: string[] = [];
    const outcome = await run('{ me { best { name mate { age } } id } }', {
      query: { me: () => ({ id: '1', best: {} }) },
      person: { name: fail('lost'), mate: () => later({}), age: () => asked.push('age') },
    });
    await later(0);
    expect([outcome.data, told(outcome), asked]).toEqual([{ me: { best: null, id: '1' } }, ['me/best/name: lost'], []]);
  });

  it('tells also what failed under what is null by then: it was missing as well', async () => {
    const outcome = await run('{ me { name mate { id } } }', {
      query: { me: () => ({}) },
      person: { name: fail('lost'), mate: async () => (await later(0), Promise.reject(new Error('away'))) },
    });
    expect([outcome.data, told(outcome)]).toEqual([{ me: null }, ['me/name: lost', 'me/mate: away']]);
  });

  it('takes what is no list where one is promised, and what is thrown without being an error, for failures', async () => {
    const outcome = await run('{ me { tags age } }', {
      query: { me: () => ({ tags: 'x' }) },
      person: {
        age: () => {
          throw 'nothing';
        },
      },
    });
    expect([outcome.data, told(outcome)]).toEqual([
      { me: { tags: null, age: null } },
      ['me/tags: Person.tags is not a list.', 'me/age: Something else than an error was thrown'],
    ]);
  });

  it('gives a name that means something to JavaScript like any other', async () => {
    const { data } = await run('{ me { __proto__: id constructor: id } }', { query: { me: () => ({ id: '1' }) } });
    expect(JSON.stringify(data)).toBe('{"me":{"__proto__":"1","constructor":"1"}}');
  });

  it('carries out mutations one after the other', async () => {
    const log: string[] = [];
    const say = async (text: string) => {
      log.push(`${text} begins`);
      await later(0);
      log.push(`${text} ends`);
      return text;
    };
    expect((await run('mutation { a: say(text: "a") b: say(text: "b") }', { say })).data).toEqual({ a: 'a', b: 'b' });
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('carries out no mutation after one whose failure leaves no data', async () => {
    const said: string[] = [];
    const say = (text: string) => (text === 'b' ? Promise.reject(new Error('no')) : said.push(text) && text);
    const outcome = await run('mutation { a: say(text: "a") b: say(text: "b") c: say(text: "c") }', { say });
    expect([outcome.data, told(outcome), said]).toEqual([null, ['b: no'], ['a']]);
  });
});
