import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { Child } from '../processes/child.js';
import { moduleOf } from '../processes/module-of.js';
import type { Judgement } from '../report/outcome.js';

const count = 10_000;
const origin = 'https://mobile.bench';
const path = '/v1/home';
const token = 'a-token';

/** What a proof of possession (DPoP) costs, beside the check of its signature alone. Who remembers used proofs is memory here: a statement is the database's. */
export async function proofs(bench: Bench): Promise<{ judgement: Judgement; remarks: string[] }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const jkt = hashOf(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }));
  const step = new Child({ name: 'prove-key', module: moduleOf('gateways/prove-key'), settings: { origin, path, token, jkt } });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const alone = new Child({ name: 'es256', module: moduleOf('baselines/es256'), settings: { publicKey: pem } });
  await Promise.all([step.ready, alone.ready]);
  const nonce = await step.ask<string>('nonce');
  const head = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const proof = () => {
    const claims = { jti: randomUUID(), htm: 'GET', htu: origin + path, iat: Math.floor(Date.now() / 1_000), ath: hashOf(token), nonce };
    const signed = `${head}.${encode(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const spend = async (child: Child, question: string, round: number) => {
    const file = join(bench.folder, `proofs-${question}-${round}`);
    writeFileSync(file, Array.from({ length: count }, proof).join('\n'), { mode: 0o600 });
    const before = child.usage.cpuMicros;
    return await child.ask<number>(question, file).then((checked) => (child.usage.cpuMicros - before) / checked);
  };
  const costs = { prove: 0, verify: 0 };
  // The first round warms up.
  for (const round of [0, 1]) {
    costs.prove = await spend(step, 'prove', round);
    costs.verify = await spend(alone, 'verify', round);
  }
  await Promise.all([step.stop(), alone.stop()]);
  return {
    judgement: { goal: 'a proof of possession: CPU × the cryptography alone', value: costs.prove / costs.verify, atMost: 1.3 },
    remarks: [`authentication: a DPoP proof costs ${costs.prove.toFixed(0)} µs; its ES256 signature alone ${costs.verify.toFixed(0)} µs`],
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
