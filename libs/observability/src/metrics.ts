import { Counter, Gauge, Registry, collectDefaultMetrics, type Metric } from 'prom-client';
import { SeriesHistogram } from './series-histogram.js';

/** Counter, Gauge, Histogram: the metrics of prom-client; `Histogram.Internal` is a series. */
export type { Counter, Gauge, Histogram } from 'prom-client';

/** MetricOptions: name in snake_case with its unit last (`facet_http_request_duration_seconds`), one line of help, and the names of its labels, each with few values. */
export interface MetricOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

const registry = new Registry();

/** durationBuckets: seconds, 0.005 to 10, as OpenTelemetry's HTTP conventions say. */
export const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** counter: a count of the process that only grows. The same name asked for again is the same counter. */
export function counter<Label extends string = never>({ name, help, labels = [] }: MetricOptions<Label>): Counter<Label> {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames: labels, registers: [registry] });
}

/** gauge: a value of the process that moves both ways. The same name asked for again is the same gauge. */
export function gauge<Label extends string = never>({ name, help, labels = [] }: MetricOptions<Label>): Gauge<Label> {
  const known = registry.getSingleMetric(name);
  return known instanceof Gauge ? known : new Gauge({ name, help, labelNames: labels, registers: [registry] });
}

/**
 * histogram: a distribution, of seconds unless `buckets` say otherwise. The same name asked for again is the same histogram. Its series are asked for
 * once, with `labels(…)`, and kept: to observe is cheap then.
 */
export function histogram<Label extends string = never>(
  options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
): SeriesHistogram<Label> {
  const { name, help, labels = [], buckets = durationBuckets } = options;
  // The registry asks a metric for its name and its samples, and ours tells; prom-client's types know only its own classes.
  const known: unknown = registry.getSingleMetric(name);
  if (known instanceof SeriesHistogram) return known as SeriesHistogram<Label>;
  const created = new SeriesHistogram({ name, help, labelNames: labels, buckets });
  registry.registerMetric(created as unknown as Metric<Label>);
  return created;
}

/** metricsContentType: of what `renderMetrics` gives. */
export const metricsContentType = registry.contentType;

let collecting = false;

/** renderMetrics: all metrics of the process, Node's own included, in Prometheus' text format. */
export function renderMetrics(): Promise<string> {
  if (!collecting) collectDefaultMetrics({ register: registry });
  collecting = true;
  return registry.metrics();
}
