import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/registry.ts';
import { CATALOGUE, printEvents } from './print-events.ts';
import { readEvents } from './read-events.ts';

it('every type of event says what happened', () => {
  const described = readEvents('src/domain/registry.ts');
  const silent = Object.keys(EVENT_TYPES).filter((type) => (described.get(type)?.about ?? '') === '');
  expect(silent).toEqual([]);
});

it('the catalogue of events is what the types say (npm run schema prints it)', async () => {
  const printed = await printEvents();
  expect(readFileSync(CATALOGUE, 'utf8')).toBe(printed);
  for (const type of Object.keys(EVENT_TYPES)) expect(printed.split(`### ${type}\n`)).toHaveLength(2);
});
