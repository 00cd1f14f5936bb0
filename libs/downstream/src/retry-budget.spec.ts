import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

describe('a retry budget', () => {
  it('starts full and allows retries until half of it has failed', () => {
    const budget = new RetryBudget({ tokens: 10, ratio: 0.1 });
    expect(budget.allows).toBe(true);
    budget.failed(4);
    expect(budget.allows).toBe(true);
    budget.failed(1);
    expect(budget.allows).toBe(false);
  });

  it('brings back a tenth with each success and allows above half', () => {
    const budget = new RetryBudget({ tokens: 100, ratio: 0.1 });
    budget.failed(49);
    expect(budget.allows).toBe(true);
    budget.failed(1);
    expect(budget.allows).toBe(false);
    budget.succeeded(1);
    expect(budget.allows).toBe(true);
    budget.failed(1);
    budget.succeeded(9);
    expect(budget.allows).toBe(false);
    budget.succeeded(1);
    expect(budget.allows).toBe(true);
  });

  it('allows one more failure after each ten successes, exactly', () => {
    const budget = new RetryBudget({ tokens: 10, ratio: 0.1 });
    budget.failed(5);
    for (let round = 0; round < 1_000; round++) {
      for (let success = 0; success < 10; success++) budget.succeeded(1);
      expect(budget.allows).toBe(true);
      budget.failed(1);
      expect(budget.allows).toBe(false);
    }
  });

  it('owes nothing, however much has failed', () => {
    const budget = new RetryBudget({ tokens: 10, ratio: 1 });
    budget.failed(1_000);
    budget.succeeded(5);
    expect(budget.allows).toBe(false);
    budget.succeeded(1);
    expect(budget.allows).toBe(true);
  });

  it('saves nothing beyond its size, however much has succeeded', () => {
    const budget = new RetryBudget({ tokens: 10, ratio: 1 });
    budget.succeeded(1_000);
    budget.failed(4);
    expect(budget.allows).toBe(true);
    budget.failed(1);
    expect(budget.allows).toBe(false);
  });

  it('bounds retries by half of the tokens and a tenth of the successes, in whatever order items succeed and fail', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (outcomes) => {
        const budget = new RetryBudget({ tokens: 20, ratio: 0.1 });
        let [retries, successes] = [0, 0];
        for (const succeeds of outcomes) {
          if (succeeds) budget.succeeded(1);
          else budget.failed(1);
          if (succeeds) successes++;
          else if (budget.allows) retries++;
        }
        expect(retries).toBeLessThanOrEqual(10 + successes / 10);
      }),
    );
  });
});
