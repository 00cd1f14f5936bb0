import { expect, it } from 'vitest';
import { noCredential, refusedCredential } from './challenge.js';
import { Challenges } from './challenges.js';
import { invalidProof } from './dpop-refusals.js';

const resourceMetadata = 'https://mobile.test/.well-known/oauth-protected-resource';
const both = new Challenges({ schemes: ['DPoP', 'Bearer'], resourceMetadata });
const one = new Challenges({ schemes: ['DPoP'], resourceMetadata });
const textOf = ({ headers }: { readonly headers?: Readonly<Record<string, string>> | undefined }) => headers!['www-authenticate']!;
const [bare, refused, proof] = [noCredential(), refusedCredential(new Error('x')), invalidProof('There is none.')].map(textOf) as [
  string,
  string,
  string,
];
const dpop = `algs="ES256 Ed25519 EdDSA", resource_metadata="${resourceMetadata}"`;
const invalid = 'error="invalid_token", error_description="The access token is not valid here."';

it('who showed nothing is told of every scheme, and where more is to be read', () => {
  expect(both.complete(bare, undefined)).toBe(`DPoP realm="facet", ${dpop}, Bearer realm="facet", resource_metadata="${resourceMetadata}"`);
  expect(new Challenges().complete(bare, undefined)).toBe('Bearer realm="facet"');
});

it('who was refused is told so once, in the scheme that he used, as far as it is taken here', () => {
  expect(both.complete(refused, 'Bearer x')).toBe(`Bearer realm="facet", ${invalid}, resource_metadata="${resourceMetadata}"`);
  expect(both.complete(refused, 'dpop x')).toBe(`DPoP realm="facet", ${invalid}, ${dpop}`);
  expect(one.complete(refused, 'Bearer x')).toBe(`DPoP realm="facet", ${invalid}, ${dpop}`);
  expect(new Challenges().complete(refused, 'DPoP x')).toBe(refused);
});

it('what is about a proof is told as such, however the token came', () => {
  expect(both.complete(proof, 'Bearer x')).toBe(
    `DPoP realm="facet", error="invalid_dpop_proof", error_description="The DPoP proof is not accepted. There is none.", ${dpop}`,
  );
});

it('what is no challenge of ours stays what it is', () => {
  expect(both.complete('Basic realm="x"', undefined)).toBe('Basic realm="x"');
});
