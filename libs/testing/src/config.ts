import { list } from '@facet/config';

const { FACET_TEST_POSTGRES_URL, DATABASE_URL, KAFKA_BROKERS } = process.env;

/** offeredServers: what the surroundings offer to the tests. Without an admin URL of PostgreSQL an embedded one is started; without brokers no suite needs Kafka. */
export const offeredServers = {
  postgresUrl: FACET_TEST_POSTGRES_URL || DATABASE_URL || undefined,
  brokers: list.parse(KAFKA_BROKERS),
};
