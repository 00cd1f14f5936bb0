import { NotificationType } from '@facet/contracts/notifications';
import { DownstreamError } from '@facet/errors';
import { aNotification, contextOf, idOf } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { cursors, downstreamOf, usersNamed } from '../../test/downstream.fixtures.js';
import { getFeed, markSeen } from './notifications.js';

const feedOf = (notifications = [aNotification()], more = false) => ({ listNotifications: vi.fn(async () => ({ notifications, more })) });

describe('the feed', () => {
  it('says who, what, where and whether it was seen', async () => {
    const notifications = feedOf([aNotification({ type: NotificationType.NOTIFICATION_TYPE_REPLY, read: true })]);
    const feed = await getFeed(downstreamOf({ users: usersNamed(), notifications }), cursors, { limit: 30 }, contextOf('alice'));

    expect(feed).toEqual({
      notifications: [
        {
          id: idOf(200),
          type: 'reply',
          by: 'Bob',
          text: 'Hello @alice',
          roomId: idOf(1),
          messageId: idOf(100),
          at: aNotification().createdAt,
          read: true,
        },
      ],
      next: null,
      degraded: [],
    });
  });

  it('goes on behind the last one, for the same person alone', async () => {
    const notifications = feedOf([aNotification()], true);
    const downstream = downstreamOf({ users: usersNamed(), notifications });

    const { next } = await getFeed(downstream, cursors, { limit: 1 }, contextOf('alice'));
    await getFeed(downstream, cursors, { limit: 1, before: next ?? '' }, contextOf('alice'));

    expect(notifications.listNotifications).toHaveBeenLastCalledWith({ pageSize: 1, after: idOf(200) }, expect.anything());
    await expect(getFeed(downstream, cursors, { limit: 1, before: next ?? '' }, contextOf('bob'))).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('is there without names, and says so', async () => {
    const getUser = async () => {
      throw new DownstreamError('users', 'timeout');
    };
    const feed = await getFeed(downstreamOf({ users: { getUser }, notifications: feedOf() }), cursors, { limit: 30 }, contextOf('alice'));
    expect(feed).toMatchObject({ notifications: [{ by: null, text: 'Hello @alice' }], degraded: ['users'] });
  });

  it('is nothing without notifications', async () => {
    const listNotifications = async () => {
      throw new DownstreamError('notifications', 'timeout');
    };
    const downstream = downstreamOf({ notifications: { listNotifications } });
    await expect(getFeed(downstream, cursors, { limit: 30 }, contextOf('alice'))).rejects.toMatchObject({ code: 'deadline-exceeded' });
  });

  it('is seen up to where the phone says', async () => {
    const markNotificationsRead = vi.fn(async () => ({}));
    await markSeen(downstreamOf({ notifications: { markNotificationsRead } }), { upTo: idOf(200) }, contextOf('alice'));
    expect(markNotificationsRead).toHaveBeenCalledWith({ upTo: idOf(200) }, expect.anything());
  });
});
