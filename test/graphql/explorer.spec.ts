import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { EXPLORER } from '../../src/graphql/explorer.ts';

const SCHEMA = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

it.each([EXPLORER.defaultTabs ?? []].flat().map(({ query }) => [query ?? '']))(
  'offers what the schema answers: %s',
  (query) => {
    expect(validate(SCHEMA, parse(query))).toEqual([]);
    expect(Math.max(...query.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
  },
);
