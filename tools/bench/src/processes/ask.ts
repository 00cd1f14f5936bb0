import { digitsOf } from '../synthetic/ids.js';
import { credentialOf, type Traffic } from '../load/traffic.js';

/** The answer to the first request of this traffic, about this person. Anything but 2xx is an error. */
export async function ask(traffic: Traffic, number = 1): Promise<string> {
  const { origin, requests, body } = traffic;
  const request = requests[0]!;
  const { path } = request;
  const about = (text: string) => text.replaceAll('{user}', digitsOf(number));
  const response = await fetch(origin + about(path), {
    headers: { ...credentialOf(request), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { method: 'POST', body: about(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${origin}${path} answered ${response.status}: ${text}`);
  return text;
}

const atOnce = 20;
const mostAttempts = 3;

/** Asks each of the requests once, so that nobody is new any more. A gateway that is still cold may be too late for some: they are asked again. */
export async function askEach(traffic: Traffic): Promise<void> {
  const rest = [...traffic.requests];
  while (rest.length > 0) await Promise.all(rest.splice(0, atOnce).map((request) => patiently({ ...traffic, requests: [request] })));
}

async function patiently(traffic: Traffic): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ask(traffic);
      return;
    } catch (error) {
      if (attempt === mostAttempts) throw error;
    }
  }
}
