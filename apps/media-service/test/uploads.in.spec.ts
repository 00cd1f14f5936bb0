import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { AttachmentUploaded } from '@facet/contracts/media';
import { userIds } from '@facet/testing';
import { anImage, anMp3, anMp4, anOgg, aPdf, aText, aWebm, aZip, noise } from './files.fixtures.js';
import { startWorld, type World } from './world.fixtures.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('what is taken', () => {
  it.each([
    ['image/png', () => anImage('png'), 'image/png'],
    ['image/jpeg', () => anImage('jpeg'), 'image/jpg'],
    ['image/webp', () => anImage('webp'), 'image/webp'],
    ['image/gif', () => anImage('gif'), 'application/octet-stream'],
    ['application/pdf', () => aPdf, 'application/pdf'],
    ['text/plain', () => aText, 'text/markdown'],
    ['video/mp4', () => anMp4, 'video/mp4'],
    ['video/webm', () => aWebm, 'audio/webm'],
    ['audio/mpeg', () => anMp3, 'audio/mp3'],
    ['audio/ogg', () => anOgg, 'application/ogg'],
    ['application/zip', () => aZip(), 'application/x-zip-compressed'],
  ])('%s, byte by byte', async (type, make, declared) => {
    const bytes = await make();
    const [attachment] = await world.upload('carol', { bytes, type: declared });
    expect(attachment).toMatchObject({ ownerId: userIds.carol, type, size: bytes.length });
    const content = await world.call('carol', `/${attachment!.id}/content`);
    expect(await bytesOf(content)).toEqual(bytes);
  });

  it('an image that another one follows, as cameras write it', async () => {
    const bytes = Buffer.concat([await anImage('jpeg'), Buffer.alloc(7), await anImage('jpeg', 40, 30)]);
    expect((await world.upload('carol', { bytes }))[0]!.type).toBe('image/jpeg');
  });

  it('several files at once, in the order of the form, each with a name of its own', async () => {
    const names = ['Grüße aus Köln.txt', 'e\u0301te\u0301 👋.txt', `${'x'.repeat(200)}.txt`, 'a "quoted"  name.txt'];
    const attachments = await world.upload('carol', ...names.map((name) => ({ name, bytes: Buffer.from(name) })));
    expect(attachments.map(({ name }) => name)).toEqual([
      'Grüße aus Köln.txt',
      '\u00e9t\u00e9 👋.txt',
      `${'x'.repeat(115)}….txt`,
      'a "quoted" name.txt',
    ]);
  });

  it('is told, with all that is to be known of it', async () => {
    const [attachment] = await world.upload('dave', { name: 'photo.png', bytes: await anImage('png', 800, 500) });
    await world.settle();
    const events = await world.database.published(AttachmentUploaded);
    expect(events.at(-1)).toMatchObject({
      attachmentId: attachment!.id,
      ownerId: userIds.dave,
      name: 'photo.png',
      type: 'image/png',
      width: 800,
      height: 500,
      thumbnails: [160, 640],
    });
  });
});

describe('thumbnails', () => {
  const thumbnail = async (id: string, width: number) => sharp(await bytesOf(await world.call('carol', `/${id}/thumbnails/${width}`)));

  it('are upright, without metadata, and of the widths that are told', async () => {
    const turned = await noise(900, 600)
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'somebody' } } })
      .jpeg()
      .toBuffer();
    const [attachment] = await world.upload('carol', { bytes: turned });
    expect(attachment).toMatchObject({ width: 600, height: 900, thumbnails: [160, 600] });
    const { format, width, height, exif, orientation } = await (await thumbnail(attachment!.id, 160)).metadata();
    expect({ format, width, height, exif, orientation }).toEqual({
      format: 'webp',
      width: 160,
      height: 240,
      exif: undefined,
      orientation: undefined,
    });
  });

  it('are never larger than the image', async () => {
    const [attachment] = await world.upload('carol', { bytes: await anImage('webp', 90, 60) });
    expect(attachment!.thumbnails).toEqual([90]);
  });

  it('of what moves are of the first frame', async () => {
    const frames = Buffer.alloc(2 * 40 * 40 * 3);
    frames.fill(0xff, 0, 40 * 40 * 3);
    const moving = await sharp(frames, { raw: { width: 40, height: 80, channels: 3, pageHeight: 40 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const [attachment] = await world.upload('carol', { bytes: moving });
    expect(attachment).toMatchObject({ width: 40, height: 40 });
    const { pages, height } = await (await thumbnail(attachment!.id, 40)).metadata();
    expect([pages, height]).toEqual([undefined, 40]);
  });

  it('that there are none of are not there', async () => {
    const [attachment] = await world.upload('carol', { bytes: aText });
    expect(attachment!.thumbnails).toEqual([]);
    expect((await world.call('carol', `/${attachment!.id}/thumbnails/160`)).status).toBe(404);
    expect((await world.call('carol', `/${attachment!.id}/thumbnails/-1`)).status).toBe(400);
  });
});

describe('room', () => {
  it('is limited for what no message has, and uploads at the same time do not share the last of it', async () => {
    const small = await startWorld({ MAX_UNPOSTED_BYTES: 1_000_000 });
    const bytes = Buffer.alloc(400_000, 'a');
    const outcomes = await Promise.all(Array.from({ length: 5 }, async () => (await small.send('carol', { bytes })).status));
    expect(outcomes.toSorted()).toEqual([201, 201, 409, 409, 409]);
    const refused = await small.send('carol', { bytes });
    expect(await refused.json()).toMatchObject({ code: 'uploads-full' });
    expect((await small.send('dave', { bytes })).status).toBe(201);

    const { attachments } = await small.rows();
    expect(await small.filesOnDisk()).toEqual(attachments.toSorted());
  });
});
