import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const bin = join(root, 'node_modules/.bin');
export const pinnedNode = join(root, 'node_modules/node/bin/node');
/** Where Facet keeps what it makes at run time. Ignored by git and by image builds. */
export const state = join(root, '.facet');
