import { styleText } from 'node:util';
import { apps, isService } from './apps.js';
import type { Choices } from './config.js';
import { urlsOf } from './demo-world.js';

const people = [
  ['alice', 'admin', "sees and may do everything but others' direct rooms"],
  ['bob', 'moderator', 'edits and deletes what others said'],
  ['carol, dave', 'user', 'their own; dave is not in engineering'],
  ['gina', 'guest', 'reads public rooms'],
];

/** What is running, who can use it, and three things to try. */
export function welcome({ portOffset, webHost, chosen }: Choices): string {
  const { identity, web, mobile, partner } = urlsOf(portOffset, webHost);
  const token = (user: string, client: string) =>
    `$(curl -s ${identity}/dev/token -H 'content-type: application/json' -d '{"user":"${user}","client":"${client}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
  const session = (user: string) =>
    `$(curl -si ${web}/dev/session -H 'content-type: application/json' -d '{"user":"${user}"}' | sed -n 's/^set-cookie: \\([^;]*\\).*/\\1/p')`;
  const http = [
    ['web-bff', `${web}/graphql`, `GraphQL; sign in at ${web}/bff/login?returnTo=/graphql`],
    ['mobile-bff', `${mobile}/v1/home`, `documents at ${mobile}/docs`],
    ['partner-bff', `${partner}/api/v1/rooms`, `documents at ${partner}/docs`],
    ['identity-provider', `${identity}/.well-known/openid-configuration`, 'tokens for the demo users at POST /dev/token'],
  ].map(([name, url, about]) => [name, chosen.includes(name!) ? url : 'not started', about]);
  const services = apps
    .filter(isService)
    .map(({ name, port, kind }) => [
      name,
      chosen.includes(name) ? `127.0.0.1:${port + portOffset}` : 'not started',
      kind === 'grpc' ? 'gRPC, with reflection' : 'HTTP, with internal tokens',
    ]);
  return [
    '',
    styleText('bold', 'Facet is running'),
    table([...http, ...services]),
    '',
    styleText('bold', 'Demo users'),
    table(people),
    '',
    styleText('bold', 'Try'),
    `curl -s ${mobile}/v1/home -H "authorization: Bearer ${token('alice', 'mobile-app')}"`,
    `curl -s ${web}/graphql -H 'x-csrf: 1' -H 'content-type: application/json' -d '{"query":"{ me { rooms { name lastMessage { content user { username } } } } }"}' -H "cookie: ${session('alice')}"`,
    `curl -s '${partner}/api/v1/rooms?limit=3' -H "authorization: Bearer ${token('alice', 'demo-partner')}"`,
    '',
    'More in docs/try-it.md. Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function table(rows: readonly (readonly (string | undefined)[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell!.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
