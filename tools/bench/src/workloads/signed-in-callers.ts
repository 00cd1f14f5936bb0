import type { Bench } from '../bench.js';
import type { TrafficRequest } from '../load/traffic.js';
import type { Gateway } from '../processes/gateway.js';
import type { Issuer } from '../processes/issuer.js';
import { idOf } from '../synthetic/ids.js';

const callers = 1_000;
const atOnce = 20;

/** The same path for each of 1,000 browsers, which have signed in at this web-bff. */
export async function signedInCallers(bench: Bench, { origin }: Gateway, path: string): Promise<TrafficRequest[]> {
  const issuer = await bench.issuer;
  const requests: TrafficRequest[] = [];
  for (let first = 0; first < callers; first += atOnce) {
    const numbers = Array.from({ length: atOnce }, (_, number) => first + number);
    const cookies = await Promise.all(numbers.map((number) => signIn(origin, issuer, idOf('user', number))));
    requests.push(...cookies.map((cookie) => ({ path, cookie })));
  }
  return requests;
}

async function signIn(origin: string, issuer: Issuer, subject: string): Promise<string> {
  const leaving = await fetch(`${origin}/bff/login`, { redirect: 'manual' });
  const { pathname, search } = new URL(issuer.signIn(leaving.headers.get('location')!, subject));
  const landing = await fetch(origin + pathname + search, { headers: { cookie: pairOf(leaving) } });
  if (!landing.ok) throw new Error(`/bff/callback answered ${landing.status}: ${await landing.text()}`);
  return pairOf(landing);
}

function pairOf(response: Response): string {
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}
