import { Histogram, Registry, type Metric } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { SeriesHistogram } from './series-histogram.js';

const described = { name: 'facet_test_seconds', help: 'Seconds of a test.', buckets: [0.1, 1, 10] };
const textOf = (metric: object) => {
  const registry = new Registry();
  registry.registerMetric(metric as Metric);
  return registry.metrics();
};

describe('a series histogram', () => {
  it('says the same as the histogram of prom-client, bounds included', async () => {
    const ours = new SeriesHistogram({ ...described, labelNames: ['route', 'status'] });
    const theirs = new Histogram({ ...described, labelNames: ['route', 'status'], registers: [] });
    const values = [0, 0.05, 0.1, 0.10001, 1, 3, 10, 11, 1e9, -1];
    for (const metric of [ours, theirs]) {
      for (const value of values) metric.labels('/a"\\', '200').observe(value);
      metric.labels({ route: '/b', status: '404' }).observe(5);
      metric.labels('/b', '404').observe(0.5);
    }
    expect(await textOf(ours)).toBe(await textOf(theirs));
    expect(await ours.get()).toMatchObject({ name: 'facet_test_seconds', type: 'histogram' });
  });

  it('without labels is there before anything was observed, as prom-client has it', async () => {
    const [ours, theirs] = [new SeriesHistogram({ ...described, labelNames: [] }), new Histogram({ ...described, registers: [] })];
    expect(await textOf(ours)).toBe(await textOf(theirs));
    ours.labels().observe(2);
    theirs.observe(2);
    expect(await textOf(ours)).toBe(await textOf(theirs));
  });

  it('gives one series for one set of values, and different ones for values that only look alike', () => {
    const metric = new SeriesHistogram({ ...described, labelNames: ['a', 'b'] });
    expect(metric.labels('x', 'y')).toBe(metric.labels({ b: 'y', a: 'x' }));
    expect(metric.labels('x,y', '')).not.toBe(metric.labels('x', ',y'));
  });

  it('refuses what is no number, and labels that it does not have', () => {
    const metric = new SeriesHistogram({ ...described, labelNames: ['a', 'b'] });
    for (const value of [NaN, Infinity]) expect(() => metric.labels('x', 'y').observe(value)).toThrow(TypeError);
    expect(() => metric.labels('x')).toThrow('has the labels a, b');
    expect(() => metric.labels({ a: 'x' })).toThrow('has the labels a, b');
  });

  it('times in seconds', async () => {
    const metric = new SeriesHistogram({ ...described, labelNames: [] });
    metric.labels().startTimer()();
    const { values } = await metric.get();
    expect(values.find(({ labels }) => labels.le === 0.1)).toMatchObject({ value: 1 });
  });
});
