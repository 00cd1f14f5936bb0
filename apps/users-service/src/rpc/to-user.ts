import type { User } from '@facet/contracts/users';
import type { View } from '../profile-policy.js';
import type { Profile } from '../store/tables.js';

export function toUser(profile: Profile, view: View): User {
  return {
    id: profile.id,
    username: profile.username,
    name: profile.name,
    about: view === 'byline' ? undefined : (profile.about ?? undefined),
    avatarUrl: profile.avatar_url ?? undefined,
    email: view === 'whole' ? (profile.email ?? undefined) : undefined,
    createdAt: view === 'byline' ? undefined : profile.created_at,
    updatedAt: view === 'byline' ? undefined : profile.updated_at,
  };
}
