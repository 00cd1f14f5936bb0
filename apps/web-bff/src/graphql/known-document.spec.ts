import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KnownDocument } from './known-document.js';

const schema = buildSchema('type Query { id: ID name: String }');
const document = parse(`
  query A($short: Boolean!, $other: Int) { id name @skip(if: $short) }
  query B { id }
`);
const [a, b] = document.definitions as OperationDefinitionNode[];

describe('KnownDocument', () => {
  it('plans an operation once for all requests that differ in nothing that a plan depends on', () => {
    const known = new KnownDocument(schema, document);
    expect(known.plan(a!, { short: true, other: 1 })).toBe(known.plan(a!, { short: true, other: 2 }));
  });

  it('plans anew for another answer to @skip or @include, and for another operation', () => {
    const known = new KnownDocument(schema, document);
    const names = (operation: OperationDefinitionNode, short?: boolean) => known.plan(operation, { short }).fields.map(({ key }) => key);
    expect([names(a!, true), names(a!, false), names(b!), names(a!, true)]).toEqual([['id'], ['id', 'name'], ['id'], ['id']]);
  });
});
