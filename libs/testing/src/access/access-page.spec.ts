import { describe, expect, it } from 'vitest';
import { pageWith, wordsOn, type AccessSection } from './access-page.js';

const section = (application: string, word = 'forbidden'): AccessSection => ({
  application,
  people: ['guest', 'admin'],
  lines: [
    { name: 'POST /rooms', rule: 'room:create', words: { guest: word, admin: 'yes' } },
    { name: "User.email: another's", rule: 'email:read', words: { guest: 'forbidden', admin: 'yes' } },
  ],
});
const page = pageWith(section('web-bff'), pageWith(section('mobile-bff'), ''));

describe('the page of who may do what', () => {
  it('says of each line what was observed', () => {
    expect(wordsOn(page, 'web-bff', 'POST /rooms')).toEqual({ guest: 'forbidden', admin: 'yes' });
    expect(wordsOn(page, 'mobile-bff', "User.email: another's")).toEqual({ guest: 'forbidden', admin: 'yes' });
  });

  it('says nothing of a line or an application that it does not have', () => {
    expect(wordsOn(page, 'web-bff', 'POST /room')).toBeUndefined();
    expect(wordsOn(page, 'partner-bff', 'POST /rooms')).toBeUndefined();
  });

  it('changes in the line of the rule that was broken alone, and in no other application', () => {
    const broken = pageWith(section('web-bff', 'yes'), page);
    const changed = broken.split('\n').filter((line, at) => line.replaceAll(/\s+/g, ' ') !== page.split('\n')[at]!.replaceAll(/\s+/g, ' '));
    expect(changed.filter((line) => !/^\| -/.test(line))).toEqual([expect.stringContaining('POST /rooms')]);
    expect(wordsOn(broken, 'mobile-bff', 'POST /rooms')).toEqual({ guest: 'forbidden', admin: 'yes' });
  });

  it('is in order whoever wrote it last, and loses nobody', () => {
    expect(pageWith(section('mobile-bff'), pageWith(section('web-bff'), ''))).toBe(page);
  });
});
