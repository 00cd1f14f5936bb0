import fc from 'fast-check';
import { userIds, idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { fitHome } from './fit-home.js';
import type { Home } from './home.view.js';

const at = new Date('2026-11-01T12:00:00.000Z');
const bytesOf = (home: Home) => Buffer.byteLength(JSON.stringify(home));

function homeOf({
  name,
  text,
  rooms = 20,
  avatarUrl = null,
}: {
  name: string;
  text: string;
  rooms?: number;
  avatarUrl?: string | null;
}): Home {
  return {
    me: { id: userIds.alice, name, avatarUrl },
    unread: 1_000,
    rooms: Array.from({ length: rooms }, (_, number) => ({
      id: idOf(number),
      name,
      type: 'private' as const,
      unread: 1_000,
      online: 100_000,
      last: { by: name, text, at },
    })),
    notifications: Array.from({ length: 5 }, (_, number) => ({
      id: idOf(number),
      type: 'mention' as const,
      text,
      roomId: idOf(1),
      messageId: idOf(2),
      at,
    })),
    degraded: [],
  };
}

describe('a home that fits', () => {
  it('is left alone below 8,000 bytes', () => {
    const home = homeOf({ name: 'general', text: 'Good morning', rooms: 20 });
    expect(fitHome(home)).toBe(home);
  });

  it('has 20 rooms with names of 80 emoji, cut at graphemes, within 8,000 bytes', () => {
    const fitted = fitHome(homeOf({ name: '🦄'.repeat(80), text: '🧑‍🚀'.repeat(80) }));

    expect(bytesOf(fitted)).toBeLessThanOrEqual(8_000);
    expect(fitted.rooms).toHaveLength(20);
    for (const room of fitted.rooms) {
      expect(room.name).toMatch(/^(🦄)+…$/u);
      expect(room.last?.text).toMatch(/^(🧑‍🚀)+…$/u);
    }
  });

  it('is cut no further than it must be', () => {
    const fitted = fitHome(homeOf({ name: 'x'.repeat(80), text: 'y'.repeat(80) }));
    expect(bytesOf(fitted)).toBeGreaterThan(6_000);
  });

  it('does without the picture rather than without rooms', () => {
    const fitted = fitHome(homeOf({ name: '🦄'.repeat(80), text: '🦄'.repeat(80), avatarUrl: `https://a.example/${'x'.repeat(8_000)}` }));

    expect(bytesOf(fitted)).toBeLessThanOrEqual(8_000);
    expect(fitted.rooms).toHaveLength(20);
    expect(fitted.me.avatarUrl).toBeNull();
  });

  it('is cut where it would not fit and only there, to the byte', () => {
    const written = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'ß', '字', '😀', '\ud800'),
      minLength: 20,
      maxLength: 60,
    });
    const around = fc.record({ name: written, text: written, rooms: fc.integer({ min: 5, max: 20 }), avatarUrl: fc.option(written) });
    fc.assert(
      fc.property(around, (parts) => {
        const home = homeOf(parts);
        const fitted = fitHome(home);
        expect(fitted === home).toBe(bytesOf(home) <= 8_000);
        expect(bytesOf(fitted)).toBeLessThanOrEqual(8_000);
      }),
      { numRuns: 200 },
    );
  });

  it('fits whatever people write', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.repeat(4));
    fc.assert(
      fc.property(hostile, hostile, (name, text) => {
        expect(bytesOf(fitHome(homeOf({ name, text })))).toBeLessThanOrEqual(8_000);
      }),
      { numRuns: 60 },
    );
  });
});
