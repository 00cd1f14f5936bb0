import { dpopAlgorithms } from './dpop-key.js';

type Scheme = 'Bearer' | 'DPoP';

/** ChallengesOptions: by which schemes an application is shown tokens, the one that it would rather have first, and where it says more about itself. */
export interface ChallengesOptions {
  readonly schemes?: readonly Scheme[];
  /** Address of the metadata of the protected resource (RFC 9728). */
  readonly resourceMetadata?: string;
}

const ours = /^(Bearer|DPoP) realm="facet"(?:, (.+))?$/s;
const always: Readonly<Record<Scheme, string>> = { Bearer: '', DPoP: `, algs="${dpopAlgorithms.join(' ')}"` };

/**
 * Challenges: completes a challenge of ours (`WWW-Authenticate`) with what it cannot know who made it: the schemes that the application takes, with their
 * algorithms (RFC 9449, section 7.1), and where its metadata is (RFC 9728, section 5.1). One without an error names all schemes; an error is told in the
 * scheme that the client used, as far as the application takes it.
 */
export class Challenges {
  readonly #schemes: readonly Scheme[];
  readonly #more: string;

  constructor({ schemes = ['Bearer'], resourceMetadata }: ChallengesOptions = {}) {
    this.#schemes = schemes;
    this.#more = resourceMetadata === undefined ? '' : `, resource_metadata="${resourceMetadata}"`;
  }

  complete(challenge: string, authorization: string | undefined): string {
    const [, scheme, error] = ours.exec(challenge) ?? [];
    if (!scheme) return challenge;
    if (!error) return this.#schemes.map((each) => this.#of(each)).join(', ');
    const used = scheme === 'DPoP' || authorization?.slice(0, 5).toLowerCase() === 'dpop ' ? 'DPoP' : 'Bearer';
    return this.#of(this.#schemes.includes(used) ? used : this.#schemes[0]!, `, ${error}`);
  }

  #of(scheme: Scheme, error = ''): string {
    return `${scheme} realm="facet"${error}${always[scheme]}${this.#more}`;
  }
}
