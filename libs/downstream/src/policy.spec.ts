import { describe, expect, it } from 'vitest';
import { defaultPolicy, policyFor, type PolicyOptions } from './policy.js';

describe('the policy of a method', () => {
  it('is the default where nothing is said', () => {
    expect(policyFor()).toEqual(defaultPolicy);
    expect(policyFor({}, 'ListRooms')).toEqual(defaultPolicy);
    expect(defaultPolicy).toEqual({
      batch: { outstanding: 2, mostItems: 500, mostBytes: 1_048_576 },
      retry: { attempts: 3, baseMs: 20, capMs: 250 },
      retryBudget: { tokens: 200, ratio: 0.1 },
      breaker: { failureRatio: 0.5, minimumItems: 20, windowMs: 10_000, openMs: 1_000, mostOpenMs: 30_000, probes: 1 },
      bulkhead: { rpcs: 500, waiting: 10_000 },
      balance: { policy: 'dynamic', hashOn: 'caller' },
    });
  });

  it('takes what its target says over the default, field by field', () =>
    expect(policyFor({ batch: { mostItems: 1 }, bulkhead: { rpcs: 7 } }, 'ListRooms')).toEqual({
      ...defaultPolicy,
      batch: { ...defaultPolicy.batch, mostItems: 1 },
      bulkhead: { rpcs: 7, waiting: 10_000 },
    }));

  it('takes what is said for itself over what its target says, and nothing of its neighbours', () => {
    const options: PolicyOptions = {
      retry: { attempts: 2, baseMs: 5 },
      hedgeAfterMs: 50,
      methods: { ListRooms: { retry: { attempts: 5 }, hedgeAfterMs: 10 }, GetRoom: { retry: { attempts: 1 } } },
    };
    expect(policyFor(options, 'ListRooms')).toEqual({
      ...defaultPolicy,
      retry: { attempts: 5, baseMs: 5, capMs: 250 },
      hedgeAfterMs: 10,
    });
    expect(policyFor(options, 'GetRoom')).toMatchObject({ retry: { attempts: 1, baseMs: 5 }, hedgeAfterMs: 50 });
    expect(policyFor(options, 'JoinRoom')).toMatchObject({ retry: { attempts: 2 } });
    expect(policyFor(options)).toMatchObject({ retry: { attempts: 2 } });
  });

  it('takes what is undefined for not said', () => {
    const options = { retry: undefined, batch: { outstanding: undefined }, methods: { GetRoom: undefined } };
    expect(policyFor(options, 'GetRoom')).toEqual(defaultPolicy);
  });

  it('leaves the defaults as they are', () => {
    policyFor({ retry: { attempts: 1 } });
    expect(defaultPolicy.retry.attempts).toBe(3);
  });
});

/** Every field, its least and most value, and one beyond each. */
const ranges = [
  ['batch.outstanding', 1, 100, 0, 101],
  ['batch.mostItems', 1, 500, 0, 501],
  ['batch.mostBytes', 1_024, 3_145_728, 1_023, 3_145_729],
  ['retry.attempts', 1, 5, 0, 6],
  ['retry.baseMs', 1, 250, 0.9, 250.1],
  ['retry.capMs', 20, 60_000, 19.9, 60_000.1],
  ['retryBudget.tokens', 1, 1_000, 0, 1_001],
  ['retryBudget.ratio', 0.001, 1, 0, 1.1],
  ['breaker.failureRatio', 0.01, 1, 0.009, 1.01],
  ['breaker.minimumItems', 1, 1_000_000, 0, 1_000_001],
  ['breaker.windowMs', 100, 600_000, 99, 600_001],
  ['breaker.openMs', 1, 30_000, 0, 30_001],
  ['breaker.mostOpenMs', 1_000, 600_000, 999, 600_001],
  ['breaker.probes', 1, 100, 0, 101],
  ['bulkhead.rpcs', 1, 100_000, 0, 100_001],
  ['bulkhead.waiting', 1, 1_000_000, 0, 1_000_001],
  ['hedgeAfterMs', 1, 60_000, 0, 60_001],
] as const;

const optionsWith = (field: string, value: number): PolicyOptions => {
  const [part = '', name] = field.split('.');
  return { [part]: name === undefined ? value : { [name]: value } };
};

/** The upper bound of these moves the bound of another field, which is then named. */
const namedFor = (field: string, value: number) =>
  ({ 'retry.baseMs': 'retry.capMs', 'breaker.openMs': 'breaker.mostOpenMs' })[value > 1 ? field : ''] ?? field;

describe('a range', () => {
  it.each(ranges)('%s is from %d to %d', (field, least, most, tooLittle, tooMuch) => {
    for (const value of [least, most]) expect(() => policyFor(optionsWith(field, value))).not.toThrow();
    for (const value of [tooLittle, tooMuch, Number.NaN, Infinity, -1]) {
      expect(() => policyFor(optionsWith(field, value))).toThrow(RangeError);
      expect(() => policyFor(optionsWith(field, value))).toThrow(
        `${value > 1 && value !== Infinity ? namedFor(field, value) : field} must be `,
      );
    }
  });

  it.each([
    'batch.outstanding',
    'batch.mostItems',
    'batch.mostBytes',
    'retry.attempts',
    'retryBudget.tokens',
    'breaker.minimumItems',
    'breaker.probes',
    'bulkhead.rpcs',
    'bulkhead.waiting',
  ])('%s is a whole number', (field) => {
    const value = field === 'batch.mostBytes' ? 2_048.5 : 1.5;
    expect(() => policyFor(optionsWith(field, value))).toThrow(`${field} must be a whole number from `);
  });

  it('says what would be right', () => {
    expect(() => policyFor({ retry: { attempts: 6 } })).toThrow('retry.attempts must be a whole number from 1 to 5, not 6');
    expect(() => policyFor({ retryBudget: { ratio: 2 } })).toThrow('retryBudget.ratio must be from 0.001 to 1, not 2');
    expect(() => policyFor({ retry: { baseMs: 300 } })).toThrow('retry.capMs must be from 300 to 60000, not 250');
    expect(() => policyFor({ breaker: { openMs: 40_000 } })).toThrow('breaker.mostOpenMs must be from 40000 to 600000, not 30000');
    expect(() => policyFor({ hedgeAfterMs: 0 })).toThrow('hedgeAfterMs must be from 1 to 60000, not 0');
  });

  it('holds for single methods as well', () =>
    expect(() => policyFor({ methods: { GetRoom: { batch: { mostItems: 501 } } } }, 'GetRoom')).toThrow('batch.mostItems'));
});
