import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { brokenBy, listedChanges } from './breaking-changes.ts';

const fileOf = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const RELEASED = `
  type Query { run(id: ID!): Run, runs(first: Int): [Run!]! }
  type Run { id: ID!, status: Status!, took: Float, waited: Float }
  enum Status { RUNNING ENDED }`;

describe('the schema that clients were promised', () => {
  it('is broken by nothing that is not listed, and the list names nothing else', () => {
    const broken = brokenBy(
      buildSchema(fileOf('schema.released.graphql')),
      buildSchema(fileOf('schema.graphql')),
    );
    const listed = listedChanges(fileOf('docs/schema-changes.md')).map(({ text }) => text);
    // What is missing here is a line for the list: `- <day> <text>`.
    expect(listed.toSorted()).toEqual(broken.toSorted());
  });

  it('is the whole schema, in the form in which it is printed', () => {
    const released = buildSchema(fileOf('schema.released.graphql'));
    expect(Object.keys(released.getMutationType()?.getFields() ?? {}).length).toBeGreaterThan(30);
  });
});

describe('a breaking change', () => {
  it.each([
    ['took: Float', '', '`FIELD_REMOVED` Run.took was removed.'],
    ['took: Float', 'took: Int', '`FIELD_CHANGED_KIND` Run.took changed type from Float to Int.'],
    ['RUNNING ENDED', 'RUNNING', '`VALUE_REMOVED_FROM_ENUM` ENDED was removed from enum type Status.'],
    [
      'run(id: ID!)',
      'run(id: ID!, at: ID!)',
      '`REQUIRED_ARG_ADDED` A required arg at on Query.run was added.',
    ],
    [
      'status: Status!',
      'status: Status',
      '`FIELD_CHANGED_KIND` Run.status changed type from Status! to Status.',
    ],
  ])('is found: %s becomes %s', (before, after, expected) => {
    expect(brokenBy(buildSchema(RELEASED), buildSchema(RELEASED.replace(before, after)))).toEqual([expected]);
  });

  it.each([
    ['took: Float', 'took: Float, tags: [String!]'],
    ['runs(first: Int)', 'runs(first: Int, after: String)'],
    ['RUNNING ENDED', 'RUNNING ENDED PAUSED'],
  ])('is none that only adds: %s becomes %s', (before, after) => {
    expect(brokenBy(buildSchema(RELEASED), buildSchema(RELEASED.replace(before, after)))).toEqual([]);
  });

  it('is listed under the first heading, with its day', () => {
    const list =
      '# Title\n\ntext\n\n## Now\n\n- 2026-11-26 `FIELD_REMOVED` A.b was removed.\n- soon `X` y.\n';
    expect(listedChanges(`${list}\n## 0.1.0\n\n- 2026-01-01 \`FIELD_REMOVED\` A.c was removed.\n`)).toEqual([
      { day: '2026-11-26', text: '`FIELD_REMOVED` A.b was removed.' },
    ]);
  });
});
