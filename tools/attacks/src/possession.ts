import type { Attack } from './attack.js';

const step = 'libs/auth/src/prove-key.ts';
const proof = 'libs/auth/src/dpop-proof.ts';
const file = 'libs/auth/src/prove-key.spec.ts';

/** On tokens that are bound to a key. */
export const onPossession: readonly Attack[] = [
  {
    attack: 'A stolen token with a proof by another key',
    defence: 'The key of the proof is that of the token (`cnf.jkt`)',
    without: [{ file: step, replace: 'if (key.thumbprint !== jkt)', by: "if (key.thumbprint === '')" }],
    test: { file, name: 'is nothing to a thief without the key: without a proof, or with one of a key of his own' },
  },
  {
    attack: 'A proof that names the client’s key, signed by another',
    defence: 'The signature is that of the key',
    without: [{ file: step, replace: '    proof.requireSignature(key);\n', by: '' }],
    test: { file, name: 'is nothing to a thief who names the key and signs with his own' },
  },
  {
    attack: 'A DPoP proof that is shown again, here or at another replica',
    defence: 'One row per proof over all replicas: insert or fail',
    without: [{ file: step, replace: "if (!isNew) throw invalidProof('It was used before.');", by: 'void isNew;' }],
    test: { file, name: 'counts once, over all replicas, however many are shown it at once' },
  },
  {
    attack: 'A DPoP proof for another address',
    defence: '`htu` is compared with the address that configuration names',
    without: [{ file: proof, replace: "    if (!isAddress(htu, uri)) throw invalidProof('Its htu names another address.');\n", by: '' }],
    test: { file, name: 'for another host' },
  },
  {
    attack: 'A DPoP proof for another method',
    defence: '`htm` is compared',
    without: [{ file: proof, replace: "    if (htm !== method) throw invalidProof('Its htm names another method.');\n", by: '' }],
    test: { file, name: 'for another method' },
  },
  {
    attack: 'A DPoP proof that was made for another token',
    defence: '`ath` is the hash of the token',
    without: [{ file: step, replace: '    proof.requireToken(credential!.text);\n', by: '' }],
    test: { file, name: 'for another token' },
  },
  {
    attack: 'A DPoP proof that was made in advance',
    defence: 'Nonces of ours, good for ten minutes, and a window for `iat`',
    without: [{ file: step, replace: "if (!nonces.accepts(proof.claims.nonce ?? ''))", by: "if (proof.claims.nonce === '')" }],
    test: { file, name: 'of another server, of the day after tomorrow, or made up, is none' },
  },
];
