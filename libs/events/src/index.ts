export { event, topicOf, type EventCodec, type EventMeta, type EventOptions, type OutgoingEvent, type StoredEvent } from './event.js';
export type { Feed, WatchStart } from './event-bus.js';
export { Events, type EventsOptions, type EventsParts, type Listener } from './events.js';
export { EventsModule } from './events.module.js';
export { eventually } from './eventually.js';
export { on, type Handler } from './handler.js';
export { inboxMigrations } from './inbox.js';
export { outboxMigrations, publish } from './publish.js';
