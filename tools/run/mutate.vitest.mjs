import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.config.mjs';

// Specs are compiled as the root tsconfig.json says, which does not know the copy that is mutated.
export default mergeConfig(shared, { oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } } });
