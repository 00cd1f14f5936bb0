import { loadConfig } from '@facet/config';
import { z } from 'zod';
import { provisionAll } from './owners.js';

// What `npm start` does for the embedded database, for one of yours: roles, schemas and the event log. A job before the applications; idempotent.
const passwords = z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text)));
const { DATABASE_URL, DATABASE_PASSWORDS } = loadConfig(z.object({ DATABASE_URL: z.url(), DATABASE_PASSWORDS: passwords }));

await provisionAll(DATABASE_URL, (role) => DATABASE_PASSWORDS[role]);
