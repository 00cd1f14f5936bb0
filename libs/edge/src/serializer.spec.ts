import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkedSerializer } from './checked-serializer.js';
import { compileSerializer } from './serializer.js';

const wrote = (schema: z.ZodType, value: unknown) => JSON.parse(compileSerializer(schema)(value)) as unknown;
const Author = z.object({ id: z.uuid(), name: z.string().min(1).max(80) });

describe('the serialiser', () => {
  it('drops what is not promised, at every depth', () => {
    const Room = z.object({ by: Author.nullable(), list: z.array(Author), maybe: Author.optional() });
    const author = { id: 'u', name: 'n', email: 'secret@example.com' };
    const bare = { id: 'u', name: 'n' };
    expect(wrote(Room, { by: author, list: [author, author], maybe: author, $type: 'facet.Room' })).toEqual({
      by: bare,
      list: [bare, bare],
      maybe: bare,
    });
  });
  it('keeps null null, leaves out what is undefined, and throws where a promised field is missing', () => {
    const Room = z.object({
      topic: z.string().nullable(),
      last: Author.nullable(),
      count: z.int().nullable(),
      on: z.boolean().nullable(),
      more: z.string().optional(),
    });
    expect(wrote(Room, { topic: null, last: null, count: null, on: null, more: undefined })).toEqual({
      topic: null,
      last: null,
      count: null,
      on: null,
    });
    expect(() => wrote(Room, { topic: null })).toThrow();
  });
  it('writes dates as RFC 3339 in UTC, also where they may be null or missing', () => {
    const Times = z.object({ at: z.date(), edited: z.date().nullable(), gone: z.date().optional(), each: z.array(z.date()) });
    const at = new Date('2026-01-02T03:04:05.678Z');
    expect(wrote(Times, { at, edited: at, each: [at] })).toEqual({
      at: at.toISOString(),
      edited: at.toISOString(),
      each: [at.toISOString()],
    });
    expect(wrote(Times, { at, edited: null, each: [] })).toEqual({ at: at.toISOString(), edited: null, each: [] });
  });
  it('escapes every text, whatever its format is said to be', () => {
    const hostile = '"},\n\u0000{"admin":true';
    for (const schema of [z.string(), z.uuid(), z.iso.datetime(), z.email(), z.url()])
      expect(wrote(z.object({ a: schema }), { a: hostile })).toEqual({ a: hostile });
  });
  it('tells the members of a union apart', () => {
    const Item = z.discriminatedUnion('type', [
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({ type: z.literal('dot'), at: z.date() }),
    ]);
    const list = [
      { type: 'text', text: 'a', secret: 1 },
      { type: 'dot', at: new Date(0), secret: 1 },
    ];
    expect(wrote(z.array(Item), list)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'dot', at: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(wrote(z.object({ a: z.union([z.string(), z.number(), z.null()]) }), { a: null })).toEqual({ a: null });
  });
  it('follows records, enums, literals, tuples and schemas within themselves', () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree);
      },
    });
    expect(wrote(Tree, { name: 'a', children: [{ name: 'b', children: [], x: 1 }] })).toEqual({
      name: 'a',
      children: [{ name: 'b', children: [] }],
    });
    const Mixed = z.object({ links: z.record(z.string(), z.string()), kind: z.enum(['a', 'b']), yes: z.literal(true), any: z.unknown() });
    expect(wrote(Mixed, { links: { self: '/a' }, kind: 'a', yes: true, any: { x: [1] } })).toEqual({
      links: { self: '/a' },
      kind: 'a',
      yes: true,
      any: { x: [1] },
    });
  });
  it('keeps a schema with a name usable twice', () => {
    const Named = z.object({ id: z.string() }).meta({ id: 'SerializerSpecNamed' });
    expect(wrote(z.object({ a: Named, b: Named.nullable() }), { a: { id: '1', x: 1 }, b: null })).toEqual({ a: { id: '1' }, b: null });
  });
});

describe('in development', () => {
  it('a value that breaks the promise throws and says where', () => {
    const serialize = checkedSerializer(z.object({ at: z.date(), n: z.int() }), 'Thing.get', { development: true });
    expect(() => serialize({ at: 'yesterday', n: 1.5 })).toThrow(/Thing\.get .*\/at: .*\/n: /);
    expect(serialize({ at: new Date(0), n: 1, more: 1 })).toBe('{"at":"1970-01-01T00:00:00.000Z","n":1}');
  });
});
