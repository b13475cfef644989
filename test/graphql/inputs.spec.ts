import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSample, type SampleServer } from './sample-server.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const PAGE = 'a number from 1 to 100';
const NAME = 'a name of at most 200 letters, digits and _ . : - that begins with a letter';
const POSITION = 'a position as decimal string';
const TIME = 'a time of RFC 3339 with its offset';
const LARGE = 'an integer between -(2^53-1) and 2^53-1, or a larger one as a string';
const FLAT = 'JSON nested at most 64 deep';
const LENGTH = 'a duration: milliseconds, 0 or more, or text';
const WHOLE = 'a whole number as decimal string';
const EXECUTION = 'the id of an execution: at most 100 letters, digits and _ -';
const EVENT = 'the id of an event of the log, such as 0190d3c8-5f0e-8000-8000-0123456789ab';
const EVENT_ID = '0190d3c8-5f0e-8000-8000-000000000003';
const EXECUTION_ID = '0190d3c8-5f0e-7000-8000-000000000003';
const DERIVED_ID = '0190d3c8-5f0e-5000-8000-000000000003';

describe('an input that cannot be taken is refused with its field, what was found and what was expected', () => {
  let server: SampleServer;

  beforeAll(async () => {
    server = await serveSample();
  });

  afterAll(() => server.close());

  const faultOf = async (query: string, variables?: object): Promise<unknown> => {
    const { body } = await server.post(query, variables);
    expect(body.errors).toHaveLength(1);
    const { code, field, found, expected } = body.errors?.[0]?.extensions ?? {};
    expect(code).toBe('BAD_USER_INPUT');
    return [field, found, expected];
  };

  it.each([
    ['first: 0', 'first', '0', PAGE],
    ['first: 101', 'first', '101', PAGE],
    ['first: -1', 'first', '-1', PAGE],
    ['first: 1.5', 'first', '1.5', 'Int!'],
    ['first: null', 'first', 'null', 'Int!'],
    ['first: 99999999999', 'first', '99999999999', 'Int!'],
    ['after: ""', 'after', '""', 'text of 1 to 1000 characters'],
    ['after: 5', 'after', '5', 'String'],
    ['frist: 5', 'frist', 'frist: 5', 'an argument of echo'],
    ['position: 5', 'position', '5', POSITION],
    ['position: "05"', 'position', '"05"', POSITION],
    ['position: "-1"', 'position', '"-1"', POSITION],
    ['position: ""', 'position', '""', POSITION],
    ['position: "18446744073709551616"', 'position', '"18446744073709551616"', POSITION],
    ['time: "yesterday"', 'time', '"yesterday"', TIME],
    ['time: "2025-01-31T08:00:00"', 'time', '"2025-01-31T08:00:00"', TIME],
    ['time: "2025-02-29T08:00:00Z"', 'time', '"2025-02-29T08:00:00Z"', TIME],
    ['time: 1763942400123', 'time', '1763942400123', TIME],
    ['length: -1', 'length', '-1', LENGTH],
    ['length: 1e999', 'length', '1e999', LENGTH],
    ['length: "soon"', 'length', '"soon"', LENGTH],
    ['length: "-1h"', 'length', '"-1h"', LENGTH],
    ['length: "P1M"', 'length', '"P1M"', LENGTH],
    ['length: ""', 'length', '""', LENGTH],
    ['length: true', 'length', 'true', LENGTH],
    ['whole: 5', 'whole', '5', WHOLE],
    ['whole: "05"', 'whole', '"05"', WHOLE],
    ['whole: "-0"', 'whole', '"-0"', WHOLE],
    ['whole: "1.5"', 'whole', '"1.5"', WHOLE],
    ['whole: "1e3"', 'whole', '"1e3"', WHOLE],
    ['execution: "a b"', 'execution', '"a b"', EXECUTION],
    [
      `execution: "${EVENT_ID}"`,
      'execution',
      `"${EVENT_ID}"`,
      `${EXECUTION}, not that of an event of the log`,
    ],
    [
      `execution: "${EXECUTION_ID}:3"`,
      'execution',
      `"${EXECUTION_ID}:3"`,
      `${EXECUTION}, not that of a row of a log or an entry of a timeline`,
    ],
    ['execution: "sha256:00"', 'execution', '"sha256:00"', `${EXECUTION}, not that of a definition`],
    [
      `event: "${EXECUTION_ID}"`,
      'event',
      `"${EXECUTION_ID}"`,
      `${EVENT}, not that of an execution, an accepted event or a key`,
    ],
    [
      `event: "${DERIVED_ID}"`,
      'event',
      `"${DERIVED_ID}"`,
      `${EVENT}, not that of an execution, an accepted event, a notification or a key`,
    ],
    ['event: "5"', 'event', '"5"', EVENT],
    ['json: 9007199254740993', 'json', '9007199254740993', LARGE],
    ['json: {a: [1e999]}', 'json.a', '1e999', 'a number that JSON can hold'],
    ['json: {a: RED}', 'json.a', 'RED', 'a JSON value'],
    ['filter: {status: [WALKING]}', 'filter.status', 'WALKING', 'ExecutionStatus!'],
    ['filter: {status: []}', 'filter.status', '[]', 'a list of 1 to 50'],
    ['filter: {workflow: "1 2"}', 'filter.workflow', '"1 2"', NAME],
    ['filter: {startedFrom: "now"}', 'filter.startedFrom', '"now"', TIME],
    ['filter: {trigger: ""}', 'filter.trigger', '""', 'text of 1 to 300 characters'],
    ['filter: {triggeredBy: ME}', 'filter.triggeredBy', 'ME', 'ActorKind'],
    ['filter: {version: 0}', 'filter.version', '0', 'the number of a version, from 1'],
    ['filter: {definition: "x"}', 'filter.definition', '"x"', '`sha256:` and 64 hexadecimal digits'],
    ['filter: {durationFrom: -1}', 'filter.durationFrom', '-1', LENGTH],
    ['filter: {errorText: ""}', 'filter.errorText', '""', 'text of 1 to 200 characters'],
    ['filter: {tags: [""]}', 'filter.tags', '[""]', 'a list of 1 to 20 texts, each of 1 to 100 characters'],
    ['filter: {search: []}', 'filter.search', '[]', 'a list of 1 to 10'],
    ['filter: {colour: 1}', 'filter.colour', 'colour: 1', 'a field of ExecutionFilter'],
  ])('written in the document: %s', async (argument, field, found, expected) => {
    expect(await faultOf(`{ echo(${argument}) }`)).toEqual([field, found, expected]);
  });

  it.each([
    ['Int!', 'first', 0, 'first', '0', PAGE],
    ['Int!', 'first', 1.5, '$v', '1.5', 'Int!'],
    ['Int!', 'first', undefined, '$v', 'nothing', 'Int!'],
    ['Int!', 'first', null, '$v', 'null', 'Int!'],
    ['Int', 'first', null, 'first', 'null', 'Int!'],
    ['Position', 'position', 5, '$v', '5', POSITION],
    ['Position', 'position', '5 ', '$v', '"5 "', POSITION],
    ['DateTime', 'time', '2025-13-01T00:00:00Z', '$v', '"2025-13-01T00:00:00Z"', TIME],
    ['Duration', 'length', -0.5, '$v', '-0.5', LENGTH],
    ['Duration', 'length', '20 min', '$v', '"20 min"', LENGTH],
    ['Duration', 'length', ['1h'], '$v', '["1h"]', LENGTH],
    ['BigInt', 'whole', 5, '$v', '5', WHOLE],
    ['BigInt', 'whole', '5 ', '$v', '"5 "', WHOLE],
    ['JSON', 'json', 2 ** 53, '$v', '9007199254740992', LARGE],
    ['JSON', 'json', nested(65), '$v', 'more', FLAT],
    ['ExecutionFilter', 'filter', { startedFrom: 'now' }, '$v.startedFrom', '"now"', TIME],
    ['ExecutionFilter', 'filter', { status: ['NO'] }, '$v.status[0]', '"NO"', 'ExecutionFilter'],
    ['ExecutionFilter', 'filter', { errorType: '' }, 'filter.errorType', '""', 'text of 1 to 201 characters'],
    ['ExecutionFilter', 'filter', { workflow: 'a b' }, 'filter.workflow', '"a b"', NAME],
  ])('as variable: %s for %s: %j', async (type, argument, value, field, found, expected) => {
    const query = `query ($v: ${type}) { echo(${argument}: $v) }`;
    expect(await faultOf(query, { v: value })).toEqual([field, found, expected]);
  });

  it('left out though it is required', async () => {
    expect(await faultOf('{ fail }')).toEqual(['how', 'nothing', 'String!']);
  });

  it('as JSON that is nested too deep in the document itself', async () => {
    const text = JSON.stringify(nested(65));
    expect(await faultOf(`{ echo(json: ${text}) }`)).toEqual(['json', 'more', FLAT]);
  });

  it('with every field that is wrong', async () => {
    const { body } = await server.post('{ echo(first: 0, after: "") }');
    expect(body.errors?.[0]?.extensions['fields']).toEqual([
      { field: 'first', found: '0', expected: PAGE },
      { field: 'after', found: '""', expected: 'text of 1 to 1000 characters' },
    ]);
  });
});

describe('an input that can be taken', () => {
  let server: SampleServer;

  beforeAll(async () => {
    server = await serveSample();
  });

  afterAll(() => server.close());

  const echo = async (query: string, variables?: object): Promise<unknown> => {
    const { body } = await server.post(query, variables);
    expect(body.errors).toBeUndefined();
    return body.data?.['echo'];
  };

  it.each([
    ['json: {a: [1, -2.5, "x", true, null], b: {}}', { json: { a: [1, -2.5, 'x', true, null], b: {} } }],
    ['json: 9007199254740991', { json: 9007199254740991 }],
    ['position: "18446744073709551615"', { position: '18446744073709551615' }],
    ['position: "0"', { position: '0' }],
    ['time: "2024-02-29T23:59:59.999+01:00"', { time: Date.UTC(2024, 1, 29, 22, 59, 59, 999) }],
    ['length: "15m"', { length: 900_000 }],
    ['length: "P1DT12H"', { length: 129_600_000 }],
    ['length: 0', { length: 0 }],
    ['length: 0.5', { length: 0.5 }],
    ['whole: "-18446744073709551616"', { whole: '-18446744073709551616' }],
    ['whole: "0"', { whole: '0' }],
    [`execution: "${EXECUTION_ID}"`, { execution: EXECUTION_ID }],
    [`execution: "${DERIVED_ID}"`, { execution: DERIVED_ID }],
    [`event: "${EVENT_ID}"`, { event: EVENT_ID }],
    ['first: 1', { first: 1 }],
    ['first: 100', { first: 100 }],
  ])('arrives as it was sent: %s', async (argument, expected) => {
    expect(await echo(`{ echo(${argument}) }`)).toMatchObject(expected);
  });

  it('arrives as it was sent, also with names that objects have of themselves', async () => {
    const json = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": [3]}') as object;
    const sent = await echo('query ($v: JSON) { echo(json: $v) }', { v: json });
    expect(JSON.stringify((sent as { json: object }).json)).toBe(JSON.stringify(json));
    expect(await echo('{ echo(json: {constructor: 2, toString: [3]}) }')).toMatchObject({
      json: { constructor: 2, toString: [3] },
    });
    expect(await echo('query ($v: JSON) { echo(json: $v) }', { v: nested(64) })).toMatchObject({
      json: nested(64),
    });
  });
});

it.each([
  ['{ bumps(', 'GRAPHQL_PARSE_FAILED'],
  ['{ bump }', 'GRAPHQL_VALIDATION_FAILED'],
  ['query ($v: Colour) { bumps }', 'GRAPHQL_VALIDATION_FAILED'],
  ['query ($v: String) { echo(first: $v) }', 'GRAPHQL_VALIDATION_FAILED'],
  ['{ echo(first: $v) }', 'GRAPHQL_VALIDATION_FAILED'],
])('a document that is wrong in itself, %s, has the code %s', async (query, code) => {
  const server = await serveSample();
  const { body } = await server.post(query);
  await server.close();
  expect(body.errors?.map(({ extensions }) => extensions)).toContainEqual({ code });
});
