import { describeEvents } from './bus-suite.js';

describeEvents('the log', []);
