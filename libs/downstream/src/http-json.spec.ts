import { Attachment, GetAttachmentResponse, ListAttachmentsResponse } from '@facet/contracts/media';
import { describe, expect, it } from 'vitest';
import { bytesOfJson, readJson } from './http-json.js';

const attachment = {
  id: 'a1',
  ownerId: 'u1',
  name: 'cat.png',
  type: 'image/png',
  size: 4_294_967_295,
  width: 0,
  thumbnails: [64, 256],
  createdAt: '2026-01-02T03:04:05.678Z',
};
const textOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const withField = (field: string, value: unknown) => textOf({ attachment: { ...attachment, [field]: value } });

describe('a message in JSON', () => {
  it('is the same in protobuf', () => {
    const message = Attachment.fromPartial({ ...attachment, createdAt: new Date(attachment.createdAt) });
    expect(Attachment.decode(bytesOfJson(Attachment, textOf(Attachment.toJSON(message))))).toEqual(message);
  });

  it('may say its fields as the proto does, leave them out, or say that they are null', () => {
    const { ownerId: owner_id, width, ...rest } = attachment;
    expect(readJson(Attachment, textOf({ ...rest, owner_id, height: null }))).toMatchObject({
      ownerId: 'u1',
      width: undefined,
      height: undefined,
    });
    expect(width).toBe(0);
    expect(readJson(Attachment, textOf({}))).toEqual(Attachment.fromPartial({}));
  });

  it('may have fields that nobody knows yet', () => {
    expect(readJson(GetAttachmentResponse, textOf({ attachment: {}, later: [{}] }))).toEqual({ attachment: Attachment.fromPartial({}) });
  });

  it.each(['', 'null', '[]', '"text"', '7', '{', '<html>', '{"attachment":{}} {}', '\u{feff}'])('is never %j', (text) => {
    expect(() => bytesOfJson(GetAttachmentResponse, textOf(text))).toThrow();
  });

  it('is never something that is no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"attachment":{"id":"'), Buffer.from([0xff]), Buffer.from('"}}')]);
    expect(() => bytesOfJson(GetAttachmentResponse, bytes)).toThrow('no JSON');
  });

  it.each([
    ['id', 5],
    ['id', {}],
    ['id', ['a']],
    ['id', true],
    ['owner_id', 5],
    ['size', 'many'],
    ['size', ''],
    ['size', true],
    ['size', -1],
    ['size', 1.5],
    ['size', 4_294_967_296],
    ['size', [1]],
    ['width', {}],
    ['width', 'wide'],
    ['thumbnails', 64],
    ['thumbnails', { 0: 64 }],
    ['thumbnails', '64'],
    ['thumbnails', [64, 'x']],
    ['thumbnails', [null]],
    ['thumbnails', [[64]]],
    ['createdAt', 1_700_000_000],
    ['createdAt', {}],
    ['createdAt', 'yesterday'],
    ['createdAt', '2026-01-02'],
    ['createdAt', '2026-99-02T03:04:05Z'],
  ])('never has %s: %j', (field, value) => {
    const clean = field === 'owner_id' ? textOf({ attachment: { owner_id: value } }) : withField(field, value);
    expect(() => bytesOfJson(GetAttachmentResponse, clean)).toThrow();
  });

  it.each([{}, 'x', 5, [null], ['x'], [5], [[]]])('never has a list of messages that is %j', (attachments) => {
    expect(() => bytesOfJson(ListAttachmentsResponse, textOf({ attachments }))).toThrow();
  });

  it.each(['x', 5, [], true])('never has a message that is %j', (value) => {
    expect(() => bytesOfJson(GetAttachmentResponse, textOf({ attachment: value }))).toThrow();
  });

  it('says nothing of its values where it is refused', () => {
    for (const text of ['{"attachment":{"id":["secret"]}}', '{"secret', '{"attachment":{"createdAt":"secret"}}']) {
      expect(() => bytesOfJson(GetAttachmentResponse, textOf(text))).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('secret') }),
      );
    }
  });
});
