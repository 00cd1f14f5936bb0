import { findCycles } from './import-cycles.js';
import { report } from './sources.js';

report('cycles', await findCycles(process.cwd(), ['apps', 'libs', 'tools']));
