import { expect, it } from 'vitest';
import { graphiqlPage } from './graphiql.js';

it('GraphiQL loads nothing from another host', async () => {
  const page = await graphiqlPage();
  // A source that is an expression belongs to the script; the content policy keeps it here.
  expect(page.match(/<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?!data:|\$\{)[^"']*["']/g)).toBeNull();
  expect(page).not.toMatch(/@import\s+url|importScripts\(["']https?:|(?:unpkg|jsdelivr|esm\.sh|googleapis)/);
  expect(page).toContain('"endpoint":"/graphql"');
});
