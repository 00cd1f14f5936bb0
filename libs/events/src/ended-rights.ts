import { MemberJoined, MemberLeft, RoomCreated, RoomDeleted, RoomUpdated } from '@facet/contracts/rooms';
import type { EventCodec, StoredEvent } from './event.js';
import type { Follower } from './watch.js';

/** KeptAnswers: what a process keeps of earlier answers, and must not use once a right that they stood on has ended. */
export interface KeptAnswers {
  /** From now on answers may be kept, and used again. */
  resume(): void;
  /** Forgets all answers, those under way included, and keeps and uses none until told to resume. */
  suspend(): void;
  /** Forgets the answers of one caller, those under way included. */
  purge(subject: string): void;
}

/** How long services may take, at the worst that is usual, to know what this process knows already. */
const usuallySettledMs = 2_000;

/** Whose rights a type of event changes: account ids, or everybody's. */
type Whose = (data: Uint8Array) => readonly string[] | 'everybody';

const nobody: Whose = () => [];
const everybody: Whose = () => 'everybody';

/** Of `facet.rooms.v1`. A room that is deleted does not name its members. */
const whose: Readonly<Record<string, Whose>> = {
  [RoomCreated.$type]: nobody,
  [RoomUpdated.$type]: nobody,
  [RoomDeleted.$type]: everybody,
  [MemberJoined.$type]: theOne(MemberJoined, ({ member }) => member?.userId),
  [MemberLeft.$type]: theOne(MemberLeft, ({ userId }) => userId),
};

/**
 * EndedRights: follows `facet.rooms.v1` and has kept answers forgotten when somebody joined (which is also how a role in a room changes) or
 * left a room, or the room was deleted. An event of a type that it does not know, or cannot read, may have ended anybody's right. Each is
 * forgotten twice: at once, and again when the services' read models have followed, since an answer in between may be of before. While
 * events may pass unseen no kept answer is used at all.
 */
export class EndedRights implements Follower {
  #seeing = false;

  constructor(
    private readonly kept: KeptAnswers,
    private readonly settledMs = usuallySettledMs,
  ) {
    kept.suspend();
  }

  began(): void {
    this.#seeing = true;
    this.kept.resume();
    this.#settle(() => this.#forget('everybody'));
  }

  saw({ type, data }: StoredEvent): void {
    const subjects = subjectsOf(type, data);
    this.#forget(subjects);
    this.#settle(() => this.#forget(subjects));
  }

  lost(): void {
    this.#seeing = false;
    this.kept.suspend();
  }

  #forget(subjects: readonly string[] | 'everybody'): void {
    if (!this.#seeing) return;
    if (subjects !== 'everybody') return subjects.forEach((subject) => this.kept.purge(subject));
    this.kept.suspend();
    this.kept.resume();
  }

  #settle(again: () => void): void {
    setTimeout(again, this.settledMs).unref();
  }
}

function subjectsOf(type: string, data: Uint8Array): readonly string[] | 'everybody' {
  try {
    return whose[type]?.(data) ?? 'everybody';
  } catch {
    return 'everybody';
  }
}

function theOne<Data>(codec: EventCodec<Data>, subjectOf: (data: Data) => string | undefined): Whose {
  return (data) => {
    const subject = subjectOf(codec.decode(data));
    return subject ? [subject] : 'everybody';
  };
}
