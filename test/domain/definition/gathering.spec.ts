import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/json.ts';
import { parsed, problemsOf, refused } from './parsed.ts';

const withTrigger = (trigger: Json, more: object = {}): string =>
  JSON.stringify({ workflow: 'a', trigger, activities: [{ name: 'b' }], ...more });

const gatheringOf = (trigger: Json) => parsed(withTrigger(trigger)).definition.trigger?.gathering;

describe('a trigger that gathers events', () => {
  it('waits for a burst to be over', () => {
    expect(gatheringOf({ event: 'e', debounce: { for: '30s' } })).toEqual({
      kind: 'debounce',
      quiet: 30_000,
    });
    const { key, ...all } =
      gatheringOf({
        event: 'e',
        debounce: { for: '30s', max: '30s', key: '${event.id}' },
      }) ?? {};
    expect(all).toEqual({ kind: 'debounce', quiet: 30_000, max: 30_000 });
    expect(key?.evaluate({ event: { id: 7 } })).toBe(7);
  });

  it('waits for so many, or for so long', () => {
    expect(gatheringOf({ event: 'e', batch: { size: 1_000, timeout: '500ms' } })).toEqual({
      kind: 'batch',
      size: 1_000,
      timeout: 500,
    });
  });

  it.each<readonly [string, Json, readonly string[]]>([
    ['a duration alone', { debounce: '5s' }, ['WRONG_TYPE trigger.debounce']],
    ['a number alone', { batch: 3 }, ['WRONG_TYPE trigger.batch']],
    ['no time', { debounce: {} }, ['MISSING_FIELD trigger.debounce']],
    ['no time to be quiet', { debounce: { for: '0s' } }, ['WRONG_VALUE trigger.debounce.for']],
    ['a time that is none', { debounce: { for: '-5s' } }, ['BAD_DURATION trigger.debounce.for']],
    ['a limit of no time', { debounce: { for: '5s', max: '0s' } }, ['WRONG_VALUE trigger.debounce.max']],
    [
      'a limit before the first end',
      { debounce: { for: '5s', max: '4999ms' } },
      ['WRONG_VALUE trigger.debounce.max'],
    ],
    ['a misspelt limit', { debounce: { for: '5s', mx: '9s' } }, ['UNKNOWN_FIELD trigger.debounce.mx']],
    ['no size and no time', { batch: {} }, ['MISSING_FIELD trigger.batch', 'MISSING_FIELD trigger.batch']],
    ['a size of none', { batch: { size: 0, timeout: '1s' } }, ['WRONG_VALUE trigger.batch.size']],
    ['too large a size', { batch: { size: 1_001, timeout: '1s' } }, ['WRONG_VALUE trigger.batch.size']],
    ['half a size', { batch: { size: 1.5, timeout: '1s' } }, ['WRONG_TYPE trigger.batch.size']],
    ['no time at all', { batch: { size: 5, timeout: '0ms' } }, ['WRONG_VALUE trigger.batch.timeout']],
    ['an empty key', { debounce: { for: '5s', key: '' } }, ['WRONG_VALUE trigger.debounce.key']],
    [
      'a key that is always the same',
      { debounce: { for: '5s', key: 'id' } },
      ['BAD_EXPRESSION trigger.debounce.key'],
    ],
    [
      'a key of what is not known yet',
      { batch: { size: 5, timeout: '1s', key: '${events[0]}' } },
      ['UNKNOWN_NAME trigger.batch.key'],
    ],
    [
      'a singleton beside it',
      { debounce: { for: '5s' }, singleton: true },
      ['AMBIGUOUS_TRIGGER trigger.singleton'],
    ],
    [
      'a key that makes events the same beside it',
      { batch: { size: 5, timeout: '1s' }, idempotency_key: '${event.id}' },
      ['AMBIGUOUS_TRIGGER trigger.idempotency_key'],
    ],
    [
      'both',
      { debounce: { for: '5s' }, batch: { size: 5, timeout: '1s' } },
      ['AMBIGUOUS_TRIGGER trigger.batch'],
    ],
  ])('is refused with %s', (_, how, problems) => {
    const found = problemsOf(withTrigger({ event: 'e', ...(how as object) }));
    expect(found.map((text) => text.replace(/^\d+:\d+ /, ''))).toEqual(problems);
  });

  it('is refused without an event, and with everything else that is wrong, at once', () => {
    const source =
      'workflow: a\ntrigger:\n  debounce: { fro: 5s, key: "${evnt.id}" }\n  http: { method: POST, path: /a }\nactivities:\n  - { name: b, retyr: 1 }\n';
    expect(refused(source).map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '2:1 Expected "event" beside "debounce", but it is missing.',
      '3:3 Expected "for" here, but it is missing.',
      '3:15 Expected a field of how long it has to be quiet, but there is no "fro". Did you mean "for"?',
      '3:32 Expected one of "event" here, but found "evnt". Did you mean "event"?',
      '6:16 Expected a field of a step, but there is no "retyr". Did you mean "retry"?',
    ]);
  });
});

describe('the events that a run is started with', () => {
  const BATCH = { event: 'e', batch: { size: 5, timeout: '1s' } };
  const SPEAKING = [
    { variables: { all: '${events}' } },
    { activities: [{ name: 'b', input: '${events}' }] },
    { concurrency: { max_workflows: 1, key: '${string(events.size())}' } },
  ];

  it.each(SPEAKING)('are known where the run is, %#', (more) => {
    expect(parsed(withTrigger(BATCH, more)).warnings).toEqual([]);
  });

  it.each(SPEAKING)('are not known where there is no batch, %#', (more) => {
    const source = withTrigger({ event: 'e', debounce: { for: '1s' } }, more);
    expect(refused(source)).toMatchObject([
      { code: 'UNKNOWN_NAME', message: expect.stringContaining('whose trigger has a "batch"') as string },
    ]);
  });
});
