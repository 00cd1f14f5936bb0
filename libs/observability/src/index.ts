export { createLogger, silentLogger, type Logger, type LoggerOptions, type LogLevel } from './create-logger.js';
export type { LogFields } from './log-fields.js';
export {
  counter,
  durationBuckets,
  gauge,
  histogram,
  metricsContentType,
  renderMetrics,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricOptions,
} from './metrics.js';
export type { SeriesHistogram } from './series-histogram.js';
export { startManagementServer, type ManagementServer, type ManagementServerOptions } from './management-server.js';
