import { describe, expect, it, vi } from 'vitest';
import { Ending } from './ending.js';

const listener = () => ({ end: vi.fn<(reason: unknown) => void>() });

describe('an ending', () => {
  it('tells everybody who still wants to know, once, and why', () => {
    const ending = new Ending();
    const [stays, leaves] = [listener(), listener()];
    ending.add(stays);
    ending.add(leaves);
    ending.delete(leaves);

    ending.end('gone');
    ending.end('again');

    expect(stays.end.mock.calls).toEqual([['gone']]);
    expect(leaves.end).not.toHaveBeenCalled();
    expect(ending).toMatchObject({ ended: true, reason: 'gone' });
  });

  it('tells who comes too late at once', () => {
    const ending = new Ending();
    ending.end('gone');
    const late = listener();
    ending.add(late);
    expect(late.end.mock.calls).toEqual([['gone']]);
  });

  it('shows itself as an abort signal, asked for before or after', () => {
    const ending = new Ending();
    const { signal } = ending;
    expect(signal.aborted).toBe(false);
    ending.end('gone');
    expect(signal).toMatchObject({ aborted: true, reason: 'gone' });
    expect(ending.signal).toBe(signal);

    const other = new Ending();
    other.end('gone');
    expect(other.signal).toMatchObject({ aborted: true, reason: 'gone' });
  });

  it('comes with a signal, also with one that was aborted before', () => {
    const controller = new AbortController();
    const ending = Ending.of(controller.signal);
    expect(ending.ended).toBe(false);
    controller.abort('gone');
    expect(ending).toMatchObject({ ended: true, reason: 'gone' });
    expect(Ending.of(controller.signal)).toMatchObject({ ended: true, reason: 'gone' });
  });

  it('ends its children, and none of them ends it', () => {
    const parent = new Ending();
    const [one, other] = [parent.child(), parent.child()];
    one.end('enough');
    expect(parent.ended).toBe(false);
    expect(other.ended).toBe(false);
    parent.end('gone');
    expect(one.reason).toBe('enough');
    expect(other.reason).toBe('gone');
    expect(parent.child()).toMatchObject({ ended: true, reason: 'gone' });
  });

  it('forgets a child that was detached or has ended', () => {
    const parent = new Ending();
    const removed = vi.spyOn(parent, 'delete');
    const [detached, ended] = [parent.child(), parent.child()];
    detached.detach();
    ended.end('enough');
    expect(removed.mock.calls).toEqual([[detached], [ended]]);
    parent.end('gone');
    expect(detached.ended).toBe(false);
  });
});
