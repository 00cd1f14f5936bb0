// Waits until a broker accepts connections and has made its internal topic of offsets: without that the first group of a suite waits five seconds.
import kafkajs from 'kafkajs';

const [broker] = process.argv.slice(2);
const giveUpAt = Date.now() + 60_000;
const kafka = new kafkajs.Kafka({ clientId: 'await-broker', brokers: [broker], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 1 } });

for (;;) {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.fetchOffsets({ groupId: 'await-broker' });
    console.log(`kafka: ready on ${broker}`);
    process.exit(0);
  } catch (error) {
    if (Date.now() > giveUpAt) {
      console.error(`kafka: ${broker} does not answer: ${error.message}`);
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
