import { beforeAll, describe, expect, it } from 'vitest';
import { anImage, anMp4, anOgg, aPdf, aText, aWebm, anMp3, aZip, bombImage } from './files.fixtures.js';
import { startWorld, type FileToSend, type World } from './world.fixtures.js';

let world: World;
let kept: string[];

beforeAll(async () => {
  world = await startWorld();
  kept = await world.filesOnDisk();
});

async function expectNothingLeft() {
  await expect.poll(() => world.filesOnDisk()).toEqual(kept);
  expect(await world.rows()).toEqual({ attachments: [], uploads: 0, removed: 0 });
}

async function refusal(...files: FileToSend[]) {
  const response = await world.send('carol', ...files);
  const body = (await response.json()) as { code: string; detail: string };
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return { status: response.status, code: body.code, detail: body.detail };
}

const page = Buffer.from('<!doctype html><html><script>alert(1)</script></html>');
const script = Buffer.from('*/;alert(1)//');
const nested = aZip(Array.from({ length: 16 }, (_, at) => ({ name: `${at}.zip` })));

/** What it is called, its bytes, what is said of its kind, and what is the matter with it. */
const corpus: [string, () => Promise<Buffer> | Buffer, string, RegExp][] = [
  ['a PNG image with a page after it', async () => Buffer.concat([await anImage('png'), page]), 'image/png', /after the end of its image/],
  ['a PNG image with an archive after it', async () => Buffer.concat([await anImage('png'), aZip()]), 'image/png', /after the end/],
  ['a JPEG image with a page after it', async () => Buffer.concat([await anImage('jpeg'), page]), 'image/jpeg', /after the end/],
  ['a JPEG image with a script after it', async () => Buffer.concat([await anImage('jpeg'), script]), 'image/jpeg', /after the end/],
  ['a GIF image that is an archive (GIFAR)', async () => Buffer.concat([await anImage('gif'), aZip()]), 'image/gif', /after the end/],
  ['a GIF image that begins a comment of a script', () => Buffer.from('GIF89a/*\0\0\0\0\0;'), 'image/gif', /page or a script/],
  ['a WebP image with an archive after it', async () => Buffer.concat([await anImage('webp'), aZip()]), 'image/webp', /after the end/],
  ['an AVIF image: its decoder takes 20 bytes a pixel', () => anImage('avif'), 'image/avif', /not taken/],
  ['an MP4 file with an archive after it', () => Buffer.concat([anMp4, aZip()]), 'video/mp4', /does not belong|cut off/],
  ['an Ogg file with a page after it', () => Buffer.concat([anOgg, page]), 'audio/ogg', /after its end/],
  ['an MP3 file that is an archive', () => Buffer.concat([anMp3, aZip()]), 'audio/mpeg', /archive as well/],
  ['a WebM file that is an archive', () => Buffer.concat([aWebm, aZip()]), 'video/webm', /archive as well/],
  ['a PDF document that is an archive', () => Buffer.concat([aPdf, aZip()]), 'application/pdf', /archive as well/],
  [
    'a PDF document that does not begin at the first byte',
    () => Buffer.concat([Buffer.from('\0\x01'), aPdf]),
    'application/pdf',
    /not taken/,
  ],
  ['an image with a page among its text', async () => withText(await anImage('png'), '<script>'), 'image/png', /page or a script/],
  ['a page', () => page, 'text/html', /declared as something else/],
  ['a page that is said to be text', () => page, 'text/plain', /HTML, SVG or XML/],
  ['a page after blanks that is said to be octets', () => Buffer.from(`\ufeff \n<BODY onload=x>`), 'application/octet-stream', /HTML/],
  ['a drawing', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'), 'image/svg+xml', /declared/],
  ['a drawing that is said to be text', () => Buffer.from('<?xml version="1.0"?><svg/>'), 'text/plain', /HTML, SVG or XML/],
  ['a drawing that is said to be an image', () => Buffer.from('<svg/>'), 'image/png', /declared as something else/],
  ['an image that is said to be another', () => anImage('png'), 'image/jpeg', /a PNG image, but was declared/],
  ['an image that is said to be text', () => anImage('png'), 'text/plain', /a PNG image, but was declared/],
  ['text that is said to be an image', () => aText, 'image/png', /plain text, but was declared/],
  ['a program for Windows', () => Buffer.concat([Buffer.from('MZ\x90\0\x03'), Buffer.alloc(500)]), 'application/octet-stream', /not taken/],
  [
    'a program for Linux',
    () => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(500)]),
    'application/octet-stream',
    /not taken/,
  ],
  ['text with control characters', () => Buffer.from('a\x1b[31m'), 'text/plain', /not taken/],
  ['text that is not UTF-8', () => Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'text/plain', /not taken/],
  ['nothing', () => Buffer.alloc(0), 'text/plain', /is empty/],
  ['half an image', async () => (await anImage('png')).subarray(0, 5_000), 'image/png', /cut off/],
  ['half a JPEG image', async () => (await anImage('jpeg')).subarray(0, 3_000), 'image/jpeg', /cut off/],
  ['an image whose pixels are none', async () => scrambled(await anImage('png')), 'image/png', /broken image/],
  ['an image of 64,000 x 64,000', () => bombImage(64_000, 64_000), 'image/png', /more than 4000000 pixels/],
  ['an image of 200,000 x 10', () => bombImage(200_000, 10), 'image/png', /a side of more than/],
  [
    'an archive of 10 GB',
    () => aZip(Array.from({ length: 10 }, (_, at) => ({ name: `${at}`, claims: 1e9 }))),
    'application/zip',
    /too large when/,
  ],
  ['an archive of a hundred times its size', () => aZip([{ name: 'a', claims: 5e6 }]), 'application/zip', /too large when/],
  ['an archive of archives', () => nested, 'application/zip', /archives in it/],
  [
    'an archive whose entries share bytes',
    () => aZip([{ name: 'a' }, { name: 'b', overlaps: true }]),
    'application/zip',
    /share their bytes/,
  ],
  [
    'an archive of 6,000 entries',
    () => aZip(Array.from({ length: 6_000 }, (_, at) => ({ name: `${at}` }))),
    'application/zip',
    /more than 5000/,
  ],
  ['an archive that leads out of its folder', () => aZip([{ name: '../../etc/passwd' }]), 'application/zip', /leads out/],
  ['an archive with something after it', () => Buffer.concat([aZip(), page]), 'application/zip', /after its end/],
  ['a program in an archive', () => aZip([{ name: 'a.class' }, { name: 'META-INF/MANIFEST.MF' }]), 'application/zip', /program|not taken/],
];

function withText(png: Buffer, text: string): Buffer {
  const end = png.length - 12;
  const chunk = Buffer.alloc(12 + 8 + text.length);
  chunk.writeUInt32BE(8 + text.length);
  chunk.write(`tEXtComment\0${text}`, 4, 'latin1');
  return Buffer.concat([png.subarray(0, end), chunk, png.subarray(end)]);
}

function scrambled(png: Buffer): Buffer {
  const broken = Buffer.from(png);
  broken.fill(0x55, 60, 4_000);
  return broken;
}

describe('a file is refused, and leaves nothing behind', () => {
  it.each(corpus)('%s', async (_, bytes, type, why) => {
    const { status, code, detail } = await refusal({ bytes: await bytes(), type });
    expect([status, code]).toEqual([422, 'file-refused']);
    expect(detail).toMatch(why);
    await expectNothingLeft();
  });

  it.each([
    ['a path out', '../../etc/passwd', /path for a name/],
    ['a path', '/etc/passwd', /path for a name/],
    ['a path of Windows', 'C:\\boot.ini', /path for a name/],
    ['letters that turn the line', 'photo\u202egnp.exe', /invisible/],
    ['a line break', 'a\nb.png', /control characters/],
    ['nothing but dots', '..', /no name/],
    ['blanks', '   ', /no name/],
  ])('whose name is %s', async (_, name, why) => {
    const { code, detail } = await refusal({ bytes: aText, type: 'text/plain', name });
    expect(code).toBe('file-refused');
    expect(detail).toMatch(why);
    await expectNothingLeft();
  });

  it('that is one of several: the sound ones go with it', async () => {
    const { detail } = await refusal({ bytes: await anImage('png') }, { bytes: aText }, { bytes: page });
    expect(detail).toBe('File 3 is HTML, SVG or XML.');
    await expectNothingLeft();
  });

  it('that is too large', async () => {
    expect(await refusal({ bytes: Buffer.alloc(2 * 1024 * 1024 + 1, 'a'), type: 'text/plain' })).toMatchObject({
      status: 413,
      code: 'payload-too-large',
    });
    await expectNothingLeft();
  });

  it('with others, that are too many', async () => {
    const files = Array.from({ length: 11 }, () => ({ bytes: aText }));
    expect(await refusal(...files)).toMatchObject({ status: 413, detail: 'A request may have 10 files.' });
    await expectNothingLeft();
  });
});
