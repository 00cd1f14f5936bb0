import { join } from 'node:path';
import { protoViolations } from './proto-rules.js';
import { report } from './sources.js';

const folder = join(process.cwd(), 'proto');
report('proto', protoViolations(folder, join(folder, 'released.binpb')));
