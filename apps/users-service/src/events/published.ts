import { UserCreated, UserDeleted, UserUpdated } from '@facet/contracts/users';
import { event } from '@facet/events';
import type { NewProfile, Profile } from '../store/tables.js';

export function userCreated({ id, username, name, created_at }: NewProfile) {
  return event(UserCreated, { key: id }, { userId: id, username, name, createdAt: created_at });
}

export function userUpdated({ id, username, name, updated_at }: Profile) {
  return event(UserUpdated, { key: id }, { userId: id, username, name, updatedAt: updated_at });
}

export function userDeleted(userId: string, deletedAt: Date) {
  return event(UserDeleted, { key: userId }, { userId, deletedAt });
}
