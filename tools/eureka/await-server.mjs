// Waits until a Eureka server answers.
const [url] = process.argv.slice(2);
const giveUpAt = Date.now() + 60_000;

for (;;) {
  const status = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.status,
    (error) => error.cause?.code ?? error.message,
  );
  if (status === 200) break;
  if (Date.now() > giveUpAt) {
    console.error(`eureka: ${url} does not answer: ${status}`);
    process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}
console.log(`eureka: ready on ${new URL(url).host}`);
