import type { Histogram, LabelValues } from 'prom-client';

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName: string;
}

/** SeriesOptions: the name of a histogram, its one line of help, the names of its labels and the upper bounds of its buckets, ascending. */
export interface SeriesOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly buckets: readonly number[];
}

/**
 * SeriesHistogram: a histogram for prom-client's registry whose `labels(…)` gives a series with counters of its own. To observe is to find a bucket and
 * to add, some hundredths of a microsecond; prom-client's own names its labels again for every value, which takes 1 to 3.
 */
export class SeriesHistogram<Label extends string> {
  readonly name: string;
  readonly #options: SeriesOptions<Label>;
  readonly #series = new Map<string, Series>();

  constructor(options: SeriesOptions<Label>) {
    this.name = options.name;
    this.#options = options;
    if (options.labelNames.length === 0) this.labels();
  }

  /** The series of these values, by name or in the order of the labels; the same one every time. */
  labels(...given: string[] | [LabelValues<Label>]): Histogram.Internal<Label> {
    const { labelNames, buckets } = this.#options;
    const [first] = given;
    const values = typeof first === 'object' ? labelNames.map((name) => first[name]) : (given as string[]);
    const known = values.filter((value) => value !== undefined).map(String);
    if (known.length !== labelNames.length) throw new TypeError(`${this.name} has the labels ${labelNames.join(', ')}`);
    const key = JSON.stringify(known);
    const series = this.#series.get(key) ?? new Series(Object.fromEntries(labelNames.map((name, at) => [name, known[at]!])), buckets);
    this.#series.set(key, series);
    return series;
  }

  /** What the registry asks for. */
  get(): Promise<{ name: string; help: string; type: 'histogram'; aggregator: 'sum'; values: Sample[] }> {
    const { name, help } = this.#options;
    const values = [...this.#series.values()].flatMap((series) => series.samples(name));
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values });
  }
}

class Series implements Histogram.Internal<string> {
  /** Values by bucket, the last one for what is beyond all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(
    private readonly labels: Sample['labels'],
    private readonly bounds: readonly number[],
  ) {
    this.#counts = Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    if (!Number.isFinite(value)) throw new TypeError(`A histogram takes numbers, not ${value}`);
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  startTimer(): () => void {
    const startedAt = performance.now();
    return () => this.observe((performance.now() - startedAt) / 1000);
  }

  /** In Prometheus' way: each bucket counts what the smaller ones do, too. */
  samples(name: string): Sample[] {
    let count = 0;
    const buckets = this.#counts.map((own, bucket): Sample => {
      count += own;
      const labels = { le: this.bounds[bucket] ?? '+Inf', ...this.labels };
      return { labels, value: count, metricName: `${name}_bucket` };
    });
    const { labels } = this;
    return [...buckets, { labels, value: this.#sum, metricName: `${name}_sum` }, { labels, value: count, metricName: `${name}_count` }];
  }
}
