import { Writable } from 'node:stream';
import { createLogger } from '@facet/observability';
import { expect, it } from 'vitest';
import { RpcLog } from './rpc-log.js';

it('a batch that was answered in part leaves a line that says how many items were late, of how many', () => {
  const lines: object[] = [];
  const destination = new Writable({ write: (line, _, done) => (lines.push(JSON.parse(String(line))), done()) });
  new RpcLog('a/B', createLogger({ name: 'rooms-service', destination })).late({ requestId: 'r' }, 2, 5);
  expect(lines).toEqual([expect.objectContaining({ rpc: 'a/B', requestId: 'r', late: 2, items: 5 })]);
});
