import { idOf, userIds } from '@facet/testing';
import { attachment, bob, general, message } from './start-partner.js';

export interface RouteCall {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly scope: string;
  /** The service without which the route is nothing. */
  readonly needs: 'users' | 'rooms' | 'messages' | 'media';
}

const route = (method: string, path: string, scope: string, needs: RouteCall['needs'], body?: unknown): RouteCall => ({
  route: `${method} ${path}`,
  method,
  path,
  body,
  scope,
  needs,
});

/** What a program uploads. */
export function files(): FormData {
  const form = new FormData();
  form.append('file', new Blob(['bytes'], { type: 'image/png' }), 'beach.png');
  return form;
}

/** Every route, with a call that works. */
export const routes: readonly RouteCall[] = [
  route('GET', bob, 'read:users', 'users'),
  route('PATCH', bob, 'write:users', 'users', { name: 'Bob' }),
  route('GET', `${bob}/rooms`, 'read:users read:rooms', 'rooms'),
  route('GET', '/api/v1/rooms', 'read:rooms', 'rooms'),
  route('POST', '/api/v1/rooms', 'write:rooms', 'rooms', { name: 'cooking', type: 'public' }),
  route('GET', general, 'read:rooms', 'rooms'),
  route('PATCH', general, 'write:rooms', 'rooms', { topic: 'Everything' }),
  route('DELETE', general, 'write:rooms', 'rooms'),
  route('GET', `${general}/members`, 'read:rooms', 'rooms'),
  route('POST', `${general}/members`, 'write:rooms', 'rooms', { userId: userIds.dave }),
  route('GET', `${general}/members/${userIds.bob}`, 'read:rooms', 'rooms'),
  route('PUT', `${general}/members/${userIds.carol}`, 'write:rooms', 'rooms'),
  route('DELETE', `${general}/members/${userIds.carol}`, 'write:rooms', 'rooms'),
  route('GET', `${general}/messages`, 'read:messages', 'messages'),
  route('POST', `${general}/messages`, 'write:messages', 'messages', { content: 'Hello', clientId: idOf(500) }),
  route('GET', message, 'read:messages', 'messages'),
  route('PATCH', message, 'write:messages', 'messages', { content: 'Better' }),
  route('DELETE', message, 'write:messages', 'messages'),
  route('POST', '/api/v1/attachments', 'write:messages', 'media', files()),
  route('GET', attachment, 'read:messages', 'media'),
  route('DELETE', attachment, 'write:messages', 'media'),
  route('GET', `${attachment}/content`, 'read:messages', 'media'),
];
