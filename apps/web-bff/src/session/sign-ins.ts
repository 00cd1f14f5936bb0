import { hash } from 'node:crypto';
import { z } from 'zod';
import { clearSignInCookie, setSignInCookie, signInCookie, signInCookiesOf } from './cookies.js';
import { Seal } from './seal.js';

const lifeMs = 10 * 60_000;
/** More tabs than anybody signs in with at once; whoever opens the page a thousand times fills no browser with cookies. */
const mostAtOnce = 5;

const SignIn = z.object({
  verifier: z.string(),
  nonce: z.string(),
  /** Where the person wants to be: an address of our own. */
  target: z.string(),
  /** The session that this browser has, which the new one replaces. */
  previous: z.string().optional(),
  begunAt: z.number(),
});
export type SignIn = z.infer<typeof SignIn>;

/** Sign-ins that are under way, each sealed in a cookie of its own, which opens with its state and no other. Nothing of them is kept here. */
export class SignIns {
  constructor(
    private readonly seal: Seal,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** The cookies of an answer that begins one: its own, and the ends of those for which there is no room. */
  begin(state: string, signIn: Omit<SignIn, 'begunAt'>, cookieHeader: string | undefined): string[] {
    const name = nameOf(state);
    const sealed = this.seal.seal({ ...signIn, begunAt: this.now() }, aboutOf(state)).toString('base64url');
    const others = [...signInCookiesOf(cookieHeader).keys()].filter((other) => other !== name);
    return [
      ...others.slice(0, Math.max(0, others.length - mostAtOnce + 1)).map(clearSignInCookie),
      setSignInCookie(name, sealed, lifeMs / 1_000),
    ];
  }

  /** The one that this state belongs to, if this browser began it, and not too long ago. */
  find(state: string, cookieHeader: string | undefined): SignIn | undefined {
    const sealed = signInCookiesOf(cookieHeader).get(nameOf(state));
    const { success, data } = SignIn.safeParse(sealed && this.seal.open(Buffer.from(sealed, 'base64url'), aboutOf(state)));
    return success && data.begunAt + lifeMs > this.now() ? data : undefined;
  }

  /** The cookie that ends it. */
  end(state: string): string {
    return clearSignInCookie(nameOf(state));
  }
}

function nameOf(state: string): string {
  return signInCookie + hash('sha256', state, 'base64url').slice(0, 12);
}

function aboutOf(state: string): string {
  return `sign-in:${state}`;
}
