import { describe, expect, it } from 'vitest';
import { rpcsIn } from './rpcs.js';

describe('the RPCs of a BFF', () => {
  it('are those of its metrics, over all methods', () => {
    const metrics = [
      '# HELP facet_downstream_rpcs_total RPCs on the wire.',
      'facet_downstream_rpcs_total{dependency="rooms",rpc="/a"} 12',
      'facet_downstream_rpcs_total{dependency="users",rpc="/b"} 30',
      'facet_downstream_rpc_items_total{dependency="users"} 1000',
      '',
    ].join('\n');
    expect(rpcsIn(metrics)).toBe(42);
    expect(rpcsIn('')).toBe(0);
  });
});
