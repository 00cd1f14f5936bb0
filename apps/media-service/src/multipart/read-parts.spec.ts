import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readParts } from './read-parts.js';

const boundary = 'b-12';
const limits = { parts: 10, bytes: 1_000_000 };

function form(files: readonly Buffer[]): Buffer {
  const parts = files.map((bytes, at) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; filename="${at}"\r\ncontent-type: A/B; c=d\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\nepilogue`)]);
}

async function* cut(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const length = lengths[index % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function read(chunks: AsyncIterable<Buffer>) {
  const files: { name: string; type: string; bytes: Buffer }[] = [];
  for await (const { name, type, content } of readParts(chunks, boundary, limits)) {
    const bytes: Buffer[] = [];
    for await (const each of content) bytes.push(Buffer.from(each));
    files.push({ name, type, bytes: Buffer.concat(bytes) });
  }
  return files;
}

/** Bytes that like to look like the end of a part. */
const tricky = fc
  .array(
    fc.oneof(fc.constantFrom('\r', '\n', '\r\n', '\r\n--', '\r\n--b', '\r\n--b-1', '--', 'b-12', '--b-12'), fc.string({ maxLength: 3 })),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))
  .filter((text) => !text.includes(`\r\n--${boundary}`) && !text.startsWith(`--${boundary}`))
  .map((text) => Buffer.from(text));

it('each file comes out as it went in, however the body is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(tricky, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (files, lengths) => {
        const found = await read(cut(form(files), lengths));
        expect(found).toEqual(files.map((bytes, at) => ({ name: String(at), type: 'a/b', bytes })));
      },
    ),
    { numRuns: 300 },
  );
});

it('a file that nobody reads is passed over', async () => {
  const names: string[] = [];
  for await (const { name } of readParts(
    cut(form([Buffer.from('one'), Buffer.alloc(9_999), Buffer.from('three')]), [100]),
    boundary,
    limits,
  ))
    names.push(name);
  expect(names).toEqual(['0', '1', '2']);
});

it('a body is never whole without its last boundary', async () => {
  const whole = form([Buffer.from('hello')]);
  const needed = whole.length - '\r\nepilogue'.length;
  for (let length = 0; length < needed; length += 1) {
    await expect(read(cut(whole.subarray(0, length), [7]))).rejects.toMatchObject({ code: 'invalid-request' });
  }
  await expect(read(cut(whole.subarray(0, needed), [7]))).resolves.toHaveLength(1);
});
