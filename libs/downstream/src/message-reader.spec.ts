import { Message } from '@facet/contracts/messages';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageReader } from './message-reader.js';

const written = (write: (writer: BinaryWriter) => void) => {
  const writer = new BinaryWriter();
  write(writer);
  return Buffer.from(writer.finish());
};

describe('a message', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ß', '字', '😀', '"', '\u0000'), maxLength: 40 });
  const date = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  const reaction = fc.record({ emoji: text, count: fc.nat(), mine: fc.boolean() });
  const message = fc.record({
    id: text,
    content: text,
    replyTo: fc.option(text, { nil: undefined }),
    createdAt: date,
    reactions: fc.array(reaction, { maxLength: 5 }),
  });

  it('is read as the library reads it', () => {
    fc.assert(
      fc.property(message, (parts) => {
        const bytes = Buffer.from(Message.encode(Message.fromPartial(parts)).finish());
        expect(Message.decode(new MessageReader(bytes))).toEqual(Message.decode(new BinaryReader(bytes)));
      }),
    );
  });

  it('that was cut off anywhere is no message', () => {
    const bytes = Buffer.from(Message.encode(Message.fromPartial({ id: 'i', content: 'ß', createdAt: new Date(1) })).finish());
    const endings = new Set([0]);
    for (let at = 0; at < bytes.length;) {
      at += 2 + bytes[at + 1]!;
      endings.add(at);
    }
    for (let end = 0; end < bytes.length; end++) {
      const read = () => Message.decode(new MessageReader(bytes.subarray(0, end)));
      if (endings.has(end)) expect(read).not.toThrow();
      else expect(read).toThrow();
    }
  });
});

describe('a whole number', () => {
  it.each([0n, 1n, 127n, 128n, 2n ** 31n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n - 1n, 2n ** 63n - 1n, -1n, -(2n ** 63n)])(
    '%s is itself',
    (number) => {
      const bytes = written((writer) => writer.int64(number));
      const reader = new MessageReader(bytes);
      expect(Number(reader.int64().toString())).toBe(Number(number));
      expect(reader.pos).toBe(bytes.length);
    },
  );
});
