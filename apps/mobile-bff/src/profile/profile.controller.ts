import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, RequestContext, Returns } from '@facet/edge';
import { Controller, Get, Patch } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { OwnProfile, ProfileCard, ProfileChange, UserPath } from './profile.view.js';
import { getProfile, getUser, updateProfile } from './profiles.js';

@Controller('v1')
export class ProfileController {
  constructor(private readonly downstream: Downstream) {}

  @Get('users/:userId')
  @Access({ scope: 'read:users', rule: 'user:read', about: ({ userId }) => ({ userId }), limit: 'browse' })
  @Faults({ users: 'problem' })
  @Returns(ProfileCard, { summary: 'Profile card of somebody', problems: ['not-found'] })
  getUser(@PathParams(UserPath) path: UserPath, @RequestContext() context: RequestContext) {
    return getUser(this.downstream, path, context);
  }

  // Everybody may see their own profile, so no scope is asked for.
  @Get('profile')
  @Access({ scope: 'any', limit: 'browse' })
  @Faults({ users: 'problem' })
  @Returns(OwnProfile, { summary: 'Own profile' })
  getProfile(@RequestContext() context: RequestContext) {
    return getProfile(this.downstream, context);
  }

  @Patch('profile')
  @Access({ scope: 'write:users', rule: 'user:update', limit: 'write' })
  @Faults({ users: 'problem' })
  @Returns(OwnProfile, { summary: 'Changes the own profile; null takes a part away' })
  updateProfile(@JsonBody(ProfileChange) change: ProfileChange, @RequestContext() context: RequestContext) {
    return updateProfile(this.downstream, change, context);
  }
}
