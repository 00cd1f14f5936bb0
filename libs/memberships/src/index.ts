export { answerVisitors, type AnswerItems } from './answer-visitors.js';
export { awaitAccess, type Patience, type Visit } from './await-access.js';
export { membershipHandlers } from './membership-handlers.js';
export { membershipMigrations, type KnownMemberRole, type KnownRoomType, type MembershipTables } from './membership-tables.js';
export { canSee, findAccess, type RoomAccess, type RoomUser } from './room-access.js';
export { isVisibleRoom } from './visible-room.js';
