import type { DeclaredFaults } from '@facet/edge';
import { expect, it } from 'vitest';
import type { Endpoint } from './endpoint.js';
import { pageWith } from './resilience-page.js';

const endpoint = (name: string, declared: DeclaredFaults): Endpoint => ({
  name,
  declared,
  request: { method: 'GET', path: '/' },
  judge: () => [],
});
const home = { application: 'mobile-bff', dependencies: ['rooms', 'presence'], endpoints: [endpoint('GET /home', { rooms: 'problem' })] };
const resources = {
  application: 'partner-bff',
  dependencies: ['rooms'],
  endpoints: [endpoint('GET /rooms', { rooms: 'problem' }), endpoint('GET /docs', {})],
};

it('shows an endpoint in a line, a dependency in a column, and who calls nobody below', () => {
  const page = pageWith(resources, '');
  expect(page).toContain('| `GET /rooms` | problem |');
  expect(page).toContain('2 endpoints × 1 dependencies × 5 faults: 10 cells.');
  expect(page).toContain('No dependency: `GET /docs`.');
  expect(pageWith(home, '')).toContain('| `GET /home` | problem | –        |');
});

it('keeps the sections of others, whoever is written first or again', () => {
  const page = pageWith(home, pageWith(resources, ''));
  expect(pageWith(resources, pageWith(home, ''))).toBe(page);
  expect(pageWith(home, page)).toBe(page);
  expect(page.match(/^## .*$/gm)).toEqual(['## mobile-bff', '## partner-bff']);
});
