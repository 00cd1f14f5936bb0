import { openDatabase } from '@facet/database';
import type { EventCodec, OutgoingEvent } from '@facet/events';
import { appendToLog, provisionEvents, readLog } from '@facet/events/provision';

const topics = [
  'facet.accounts.v1',
  'facet.revocations.v1',
  'facet.users.v1',
  'facet.rooms.v1',
  'facet.messages.v1',
  'facet.presence.v1',
  'facet.media.v1',
];

/** TestEventLog: both ends of the event log, for a test of one application. */
export interface TestEventLog {
  /** Appends as the owners of the topics would, so that the application may consume it. */
  emit(events: readonly OutgoingEvent[]): Promise<void>;
  /** What the log has of a type, oldest first. Wait for the application's own events by `Events.flush`. */
  published<Data>(codec: EventCodec<Data>): Promise<Data[]>;
}

/** Makes the event log of a test database. The topics of others belong to nobody in particular, so that their roles need not exist. */
export async function makeEventLog(
  adminUrl: string,
  app: { role: string; schema: string },
): Promise<TestEventLog & { close(): Promise<void> }> {
  const own = app.schema === 'identity' ? ['facet.accounts.v1', 'facet.revocations.v1'] : [`facet.${app.schema}.v1`];
  const ownerOf = (topic: string) => (own.includes(topic) ? app.role : 'facet_events');
  await provisionEvents(adminUrl, { topics: topics.map((name) => ({ name, owner: ownerOf(name) })), roles: [app.role] });
  const admin = openDatabase<unknown>({ url: adminUrl, schema: 'events', applicationName: 'test-log', poolSize: 1 });
  return {
    emit: (events) =>
      appendToLog(
        admin,
        events.map((event) => ({ ...event, source: 'test' })),
      ),
    published: async (codec) => {
      const topic = codec.$type.slice(0, codec.$type.lastIndexOf('.'));
      const records = await readLog(admin, topic);
      return records.filter(({ type }) => type === codec.$type).map(({ data }) => codec.decode(data));
    },
    close: () => admin.destroy(),
  };
}
