import { basename, extname } from 'node:path';
import { z } from 'zod';
import { stableId, userIdOf } from './stable-id.js';

const characters = (max: number) =>
  z
    .string()
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has characters that are not text')
    .refine((text) => text.trim().length > 0, 'is empty')
    .refine((text) => [...text].length <= max, `has more than ${max} characters`);

const Line = z.strictObject({ room: characters(80), user: characters(80), text: characters(4_000) });
type Line = z.infer<typeof Line>;

export interface Speaker {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

export interface Speech {
  readonly id: string;
  readonly roomId: string;
  readonly authorId: string;
  readonly text: string;
  readonly at: Date;
}

export interface Scene {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly startedAt: Date;
  readonly speakers: readonly Speaker[];
  readonly speeches: readonly Speech[];
}

export interface BadLine {
  readonly number: number;
  readonly why: string;
}

export interface Conversation {
  readonly scenes: readonly Scene[];
  readonly bad: readonly BadLine[];
}

/** Imported history is dated one second a line from here, so that ids are in the order of saying and the same every time. */
const began = new Date('2026-06-01T00:00:00Z');

/**
 * Reads a conversation: one {"room","user","text"} a line, in the order of saying. Every line is checked; the bad ones are named and left out.
 * A room is file name and room name, a user the slug of the name, a message file name and line number.
 */
export function readConversation(path: string, source: string): Conversation {
  const file = basename(path, extname(path));
  const bad: BadLine[] = [];
  const scenes = new Map<string, { scene: Scene; speakers: Map<string, Speaker>; speeches: Speech[] }>();
  const lines = source.replace(/\r?\n$/, '').split(/\r?\n/);
  lines.forEach((text, index) => {
    const number = index + 1;
    const line = parseLine(text);
    if ('why' in line) return void bad.push({ number, why: line.why });
    const at = new Date(began.getTime() + number * 1_000);
    const { scene, speakers, speeches } = sceneOf(scenes, file, line.room, at);
    const speaker = speakers.get(line.slug) ?? { id: userIdOf(line.slug), username: line.slug, name: line.user };
    speakers.set(line.slug, speaker);
    speeches.push({ id: stableId(at, 'import', file, number), roomId: scene.id, authorId: speaker.id, text: line.text, at });
  });
  return {
    scenes: [...scenes.values()].map(({ scene, speakers, speeches }) => ({ ...scene, speakers: [...speakers.values()], speeches })),
    bad,
  };
}

function sceneOf(
  scenes: Map<string, { scene: Scene; speakers: Map<string, Speaker>; speeches: Speech[] }>,
  file: string,
  name: string,
  startedAt: Date,
) {
  const known = scenes.get(name);
  if (known) return known;
  const scene = { id: stableId(began, 'import', file, name), name, topic: file, startedAt, speakers: [], speeches: [] };
  const made = { scene, speakers: new Map<string, Speaker>(), speeches: [] };
  scenes.set(name, made);
  return made;
}

function parseLine(text: string): (Line & { slug: string }) | { why: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: 'is not JSON' };
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success)
    return { why: parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' ')).join('; ') };
  const slug = slugOf(parsed.data.user);
  return slug ? { ...parsed.data, slug } : { why: 'user has no letter or digit' };
}

/** The username of a name: letters and digits in lower case, without accents, the rest as hyphens. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}
