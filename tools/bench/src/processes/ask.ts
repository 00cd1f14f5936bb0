import { digitsOf } from '../synthetic/ids.js';
import type { Traffic } from '../load/traffic.js';

/** The answer to the first request of this traffic, about this person. Anything but 2xx is an error. */
export async function ask(traffic: Traffic, number = 1): Promise<string> {
  const { origin, requests, body } = traffic;
  const { path, token } = requests[0]!;
  const about = (text: string) => text.replaceAll('{user}', digitsOf(number));
  const response = await fetch(origin + about(path), {
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { method: 'POST', body: about(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${origin}${path} answered ${response.status}: ${text}`);
  return text;
}

const atOnce = 50;

/** Asks each of the requests once, so that nobody is new any more. */
export async function askEach(traffic: Traffic): Promise<void> {
  const rest = [...traffic.requests];
  while (rest.length > 0) await Promise.all(rest.splice(0, atOnce).map((request) => ask({ ...traffic, requests: [request] })));
}
