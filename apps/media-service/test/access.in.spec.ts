import { ListAttachmentsResponse, type Attachment } from '@facet/contracts/media';
import { accessSuite, roleCallers, type AccessLine, type RpcCaller } from '@facet/testing/access';
import { anImage } from './files.fixtures.js';
import { posted, startWorld, type RoomName } from './world.fixtures.js';

const world = await startWorld();

type Person = Exclude<RpcCaller, 'importer'>;
const people: readonly Person[] = ['anonymous', 'no scope', 'guest', 'user', 'moderator', 'admin'];
const picture = { bytes: await anImage('png'), name: 'a.png', type: 'image/png' };

async function ask(person: Person, path: string, init: RequestInit = {}): Promise<string> {
  const response =
    person === 'anonymous'
      ? await fetch(`http://127.0.0.1:${world.port}/v1/attachments${path}`, init)
      : await world.call(roleCallers[person], path, init as never);
  const body = await response.text();
  // What a message has is not deleted by anybody: that is no refusal of who asks.
  if (response.ok || response.status === 409) return isEmptyList(path, body) ? 'not-found' : 'yes';
  return (JSON.parse(body) as { code: string }).code;
}

/** A list leaves out what somebody may not see. */
function isEmptyList(path: string, body: string): boolean {
  return path.startsWith('?') && ListAttachmentsResponse.fromJSON(JSON.parse(body)).attachments.length === 0;
}

/** A file of dave's that a message has in this room, or that none has. */
async function fileOfDave(room?: RoomName): Promise<Attachment> {
  const [file] = await world.upload('dave', picture);
  if (room) await world.tell(posted('dave', room, [file!.id]));
  return file!;
}

const [open, closed, unposted] = [await fileOfDave('general'), await fileOfDave('board'), await fileOfDave()];
const line = (name: string, rule: string, ask: (person: Person) => Promise<string>): AccessLine<Person> => ({ name, rule, ask });
const upload = (person: Person) => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(picture.bytes)], { type: picture.type }), picture.name);
  return ask(person, '', { method: 'POST', body: form });
};
const content = (id: string) => (person: Person) => ask(person, `/${id}/content`);
const list = (id: string) => (person: Person) => ask(person, `?ids=${id}`);
const thumbnail =
  ({ id, thumbnails: [width] }: Attachment) =>
  (person: Person) =>
    ask(person, `/${id}/thumbnails/${width}`);
const get = (id: string) => (person: Person) => ask(person, `/${id}`);
const remove = (id: string) => (person: Person) => ask(person, `/${id}`, { method: 'DELETE' });

await accessSuite({
  application: 'media-service',
  people,
  lines: [
    line('POST /v1/attachments', 'attachment:upload', upload),
    line('GET /v1/attachments: of a public room', 'attachment:read', list(open.id)),
    line('GET /v1/attachments: of a private room', 'attachment:read', list(closed.id)),
    line('GET /v1/attachments/:id: of a public room', 'attachment:read', get(open.id)),
    line('GET /v1/attachments/:id: of a private room', 'attachment:read', get(closed.id)),
    line('GET /v1/attachments/:id/content: of a public room', 'attachment:read', content(open.id)),
    line('GET /v1/attachments/:id/content: of a private room', 'attachment:read', content(closed.id)),
    line('GET /v1/attachments/:id/thumbnails/:width: of a public room', 'attachment:read', thumbnail(open)),
    line('GET /v1/attachments/:id/thumbnails/:width: of a private room', 'attachment:read', thumbnail(closed)),
    line("GET /v1/attachments/:id/content: another's, that no message has", 'attachment:read', content(unposted.id)),
    line("DELETE /v1/attachments/:id: another's, that no message has", 'attachment:delete', remove(unposted.id)),
    line('DELETE /v1/attachments/:id: of a private room', 'attachment:delete', remove(closed.id)),
  ],
});
