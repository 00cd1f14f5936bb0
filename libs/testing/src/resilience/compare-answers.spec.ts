import { expect, it } from 'vitest';
import { compareAnswers } from './compare-answers.js';

const healthy = { room: { name: 'general', online: 2, topic: null }, messages: [{ id: 1, by: 'Bob' }], unread: 0 };

it.each([
  ['nothing differs', healthy, [], []],
  ['a part is null', { ...healthy, messages: null, room: { ...healthy.room, online: null } }, ['/room/online', '/messages'], []],
  ['a list is shorter', { ...healthy, messages: [] }, [], ['/messages']],
  ['a field is gone', { room: healthy.room, messages: healthy.messages }, [], ['/unread']],
  ['a field has come', { ...healthy, more: true }, [], ['/more']],
  ['a value is made up', { ...healthy, unread: 1 }, [], ['/unread']],
  ['what was null is not', { ...healthy, room: { ...healthy.room, topic: 'x' } }, [], ['/room/topic']],
  ['it is something else', 'Bad Gateway', [], ['']],
])('%s', (_, seen, missing, changed) => {
  expect(compareAnswers(healthy, seen)).toEqual({ missing, changed });
});
