import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { compare, profile, type Contender } from '../measure.js';
import { askEach } from '../processes/ask.js';
import { Child } from '../processes/child.js';
import { startWhole } from '../processes/gateway.js';
import type { Issuer } from '../processes/issuer.js';
import { moduleOf } from '../processes/module-of.js';
import { idOf, people } from '../synthetic/ids.js';
import { warmCallers } from './synthetic-home.js';
import type { Workload } from './workload.js';

const path = '/me';
/** More than a process can let in. */
const newCallersPerSecond = 8_000;
const verifications = 10_000;

/** What a caller costs who was never here before, beside the check of the signature alone. */
export const coldTokens: Workload = {
  name: 'tokens',
  about: 'tokens of callers who were never here before, beside the cryptography alone',
  run: async (bench) => {
    const gateway = await startWhole(bench);
    const issuer = await bench.issuer;
    const requests = await warmCallers(bench, 'mobile-app', path);
    const known = { origin: gateway.origin, order: 'random', people: 1 } as const;
    const newcomers = newcomersOf(issuer, newCallersPerSecond * Math.max(bench.choices.roundSeconds, bench.choices.warmUpSeconds));
    const warm: Contender = { what: 'known callers', gateway, traffic: () => ({ ...known, requests }) };
    const cold: Contender = { what: 'new callers', gateway, traffic: () => ({ ...known, order: 'in turn', requests: newcomers() }) };
    await askEach(warm.traffic());
    const figures = await compare(bench, [warm, cold]);
    if (bench.choices.profile) await profile(bench, cold, bench.profileOf('tokens'));
    const [toKnown, toNew] = figures;
    const crypto = await cryptographyAlone(bench, issuer);
    const token = toNew!.cpuMicros - toKnown!.cpuMicros;
    await gateway.child.stop();
    return {
      figures,
      judgements: [{ goal: 'a new token: CPU × the cryptography alone', value: token / crypto, atMost: 1.3 }],
      remarks: [`tokens: a new one costs ${token.toFixed(0)} µs; its ES256 signature alone ${crypto.toFixed(0)} µs`],
    };
  },
};

/** Fresh tokens each time. */
function newcomersOf(issuer: Issuer, count: number) {
  let number = 0;
  return () => Array.from({ length: count }, () => ({ path, token: issuer.issue(idOf('user', number++ % people), 'mobile-app') }));
}

async function cryptographyAlone(bench: Bench, issuer: Issuer): Promise<number> {
  const publicKey = issuer.publicKey.export({ type: 'spki', format: 'pem' });
  const child = new Child({ name: 'es256', module: moduleOf('baselines/es256'), settings: { publicKey } });
  await child.ready;
  const file = join(bench.folder, 'tokens');
  writeFileSync(file, Array.from({ length: verifications }, () => issuer.issue(idOf('user', 1), 'mobile-app')).join('\n'), { mode: 0o600 });
  await child.ask('verify', file);
  const before = child.usage.cpuMicros;
  const verified = await child.ask<number>('verify', file);
  const spent = child.usage.cpuMicros - before;
  await child.stop();
  return spent / verified;
}
