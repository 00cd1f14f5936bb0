import { describe } from 'vitest';
import { describeEvents } from './bus-suite.js';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',').filter(Boolean);

describe.skipIf(brokers.length === 0)('with a broker', () => describeEvents('Kafka', brokers));
