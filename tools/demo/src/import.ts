import { MemberRole, RoomType } from '@facet/contracts/rooms';
import { MessageType } from '@facet/contracts/messages';
import { SingleBar } from 'cli-progress';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig } from './config.js';
import { readConversation, type Conversation, type Scene, type Speech } from './conversation.js';
import { connectImporter, inChunks, type Importer } from './importer.js';

const chunkSize = 200;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'skip-bad': { type: 'boolean', default: false } } });

try {
  await run(positionals[0], values['skip-bad']);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function run(path: string | undefined, skipBad: boolean): Promise<void> {
  if (!path || positionals.length > 1) throw new Error('Name one file: npm run import -- FILE.ndjson [--skip-bad]');
  const conversation = readConversation(path, readFileSync(path, 'utf8'));
  for (const { number, why } of conversation.bad) process.stderr.write(`line ${number} ${why}\n`);
  if (conversation.bad.length > 0 && !skipBad)
    throw new Error(`Nothing was loaded: ${conversation.bad.length} bad line(s). --skip-bad loads the others.`);
  const { FACET_HOME: home, FACET_PORT_OFFSET: portOffset } = readConfig();
  const importer = connectImporter({ home, portOffset });
  try {
    const created = await load(importer, conversation);
    process.stdout.write(`${conversation.scenes.length} rooms, ${created} new messages of ${speechesOf(conversation).length}\n`);
  } finally {
    importer.close();
  }
}

/** Loads a conversation with a progress bar. Resolves to the number of messages that did not exist before. */
async function load({ users, rooms, messages, within }: Importer, conversation: Conversation): Promise<number> {
  const { scenes } = conversation;
  const speakers = [...new Map(scenes.flatMap((scene) => scene.speakers).map((speaker) => [speaker.id, speaker])).values()];
  for (const chunk of inChunks(speakers, 1_000))
    await users.importUsers({ users: chunk.map((speaker) => ({ ...speaker, createdAt: scenes[0]!.startedAt })) }, within());
  for (const chunk of inChunks(scenes, 100)) await rooms.importRooms({ rooms: chunk.map(toRoom) }, within());
  const speeches = speechesOf(conversation);
  const bar = new SingleBar({ format: '{bar} {percentage}% {value} of {total} messages', noTTYOutput: true, hideCursor: true });
  bar.start(speeches.length, 0);
  let created = 0;
  for (const chunk of inChunks(speeches, chunkSize)) {
    created += (await messages.importMessages({ messages: chunk.map(toMessage), unread: false }, within())).created;
    bar.increment(chunk.length);
  }
  bar.stop();
  return created;
}

function speechesOf({ scenes }: Conversation): Speech[] {
  return scenes.flatMap((scene) => scene.speeches);
}

function toRoom({ id, name, topic, startedAt, speakers }: Scene) {
  return {
    room: { id, name, topic, type: RoomType.ROOM_TYPE_PUBLIC, createdBy: speakers[0]!.id, createdAt: startedAt },
    members: speakers.map((speaker, index) => ({
      userId: speaker.id,
      role: index === 0 ? MemberRole.MEMBER_ROLE_ADMIN : MemberRole.MEMBER_ROLE_MEMBER,
      joinedAt: startedAt,
    })),
  };
}

function toMessage({ id, roomId, authorId, text, at }: Speech) {
  return { message: { id, roomId, authorId, type: MessageType.MESSAGE_TYPE_TEXT, content: text, createdAt: at }, reactions: [] };
}
