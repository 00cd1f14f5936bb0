import { loadConfig, port, tlsSettings } from '@facet/config';
import { z } from 'zod';
import { answersByTls } from './readiness.js';

// What a container asks itself where its application answers by mutual TLS alone: exit code 0 where it is ready.
const { PORT, ...files } = loadConfig(z.object({ PORT: port, ...tlsSettings }));
process.exit((await answersByTls(PORT, files as Required<typeof files>)) ? 0 : 1);
