import { GetUserResponse } from '@facet/contracts/users';
import { describe, expect, it } from 'vitest';
import { idOf, indexOf, numberOf } from './ids.js';
import { anybody, Template } from './template.js';
import { userOf } from './world.js';

describe('a template', () => {
  it('is the message of whoever is asked for', () => {
    const template = new Template(Buffer.from(GetUserResponse.encode({ user: userOf(anybody) }).finish()));
    const bytes = Buffer.alloc(template.length + 3);

    expect(template.write(bytes, 3, 41_234)).toBe(bytes.length);

    expect(GetUserResponse.decode(bytes.subarray(3))).toEqual({ user: userOf(41_234) });
  });
});

describe('an id', () => {
  it('tells whose thing it names, and which', () => {
    const id = idOf('notification', 99_999, 9);
    expect([numberOf(id), indexOf(id), id.length]).toEqual([99_999, 9, 36]);
    expect(numberOf(undefined)).toBe(0);
  });
});
