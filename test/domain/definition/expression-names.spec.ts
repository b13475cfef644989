import { describe, expect, it } from 'vitest';
import { problemsOf, refused, warningsOf } from './parsed.ts';

const document = (more: object, step: object = {}): string =>
  JSON.stringify({
    workflow: 'a',
    variables: { total: 1 },
    activities: [{ name: 'first' }, { name: 'second', ...step }, { name: 'third' }],
    ...more,
  });

const codesOf = (source: string) =>
  problemsOf(source).map((problem) => problem.split(' ').slice(1).join(' '));

describe('the names in an expression', () => {
  it.each([
    ['a name that there is none of', { input: '${nope}' }, 'UNKNOWN_NAME', 'but found "nope".'],
    [
      'the name of an object of JavaScript',
      { input: '${__proto__}' },
      'UNKNOWN_NAME',
      'but found "__proto__".',
    ],
    [
      'output where nothing was put out',
      { input: '${output}' },
      'UNKNOWN_NAME',
      'which is only known in "output:"',
    ],
    [
      'error where none is handled',
      { input: '${error.type}' },
      'UNKNOWN_NAME',
      'only known where an error is handled',
    ],
    ['item outside of a loop', { input: '${item}' }, 'UNKNOWN_NAME', 'only known inside of a "foreach"'],
    [
      'a step that there is none of',
      { input: '${steps.zero.output}' },
      'UNKNOWN_STEP',
      'there is no step "zero".',
    ],
    ['a step by an index', { input: '${steps["zero"].output}' }, 'UNKNOWN_STEP', 'there is no step "zero".'],
    ['a step that comes later', { input: '${steps.third.output}' }, 'STEP_NOT_RUN_YET', '"third" has not.'],
    ['the step itself', { when: '${steps.second.status == ""}' }, 'STEP_NOT_RUN_YET', '"second" has not.'],
    ['a function that there is none of', { input: '${now()}' }, 'UNKNOWN_FUNCTION', 'but found "now".'],
    [
      'a function of the library that is not bounded',
      { input: '${"%s".format([1])}' },
      'UNKNOWN_FUNCTION',
      '"format"',
    ],
    ['a message', { input: '${google.protobuf.Timestamp{seconds: 1}}' }, 'NOT_SUPPORTED', 'makes a message'],
    ['nothing', { input: '${ }' }, 'BAD_EXPRESSION', 'but it is empty'],
    ['half an expression', { input: '${1 +}' }, 'BAD_EXPRESSION', 'cannot be read from "+" on'],
    [
      'two expressions',
      { input: '${input.a event.b}' },
      'BAD_EXPRESSION',
      'cannot be read from "event.b" on',
    ],
    [
      'an operator that CEL has not',
      { input: '${input.a = 1}' },
      'BAD_EXPRESSION',
      'cannot be read from "= 1" on',
    ],
    ['a word that CEL keeps', { input: '${input.in}' }, 'BAD_EXPRESSION', 'cannot be read from "in" on'],
  ])('are checked when it is registered: %s', (_, step, code, message) => {
    const problems = refused(document({}, step));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.message).toContain(message);
  });

  it.each([
    ['event and input in variables', { variables: { x: '${workflow.total}' } }, 'UNKNOWN_NAME variables.x'],
    ['no steps in variables', { variables: { x: '${steps.first}' } }, 'UNKNOWN_NAME variables.x'],
    [
      'only the event in conditions',
      { trigger: { event: 'e', conditions: { x: '${input.y}' } } },
      'UNKNOWN_NAME trigger.conditions.x',
    ],
    [
      'no steps of turns, which are over when what they did is undone',
      {
        activities: [
          { name: 'loop', foreach: { items: [1], steps: [{ name: 'pay' }, { name: 'pack' }] } },
          { name: 'last' },
        ],
        compensation_activities: {
          pack: { activity: 'u', params: '${[item, output, steps.loop, steps.pay]}' },
        },
        error_handling: { workflow_error: { strategy: 'compensate' } },
      },
      'STEP_NOT_RUN_YET compensation_activities.pack.params',
    ],
  ])('are those of their place: %s', (_, more, problem) => {
    expect(codesOf(document(more))).toEqual([problem]);
  });

  it.each([
    [
      'every step in what undoes one',
      {
        compensation_activities: { first: { activity: 'u', params: '${[steps.third, output, error.type]}' } },
        error_handling: { workflow_error: { strategy: 'compensate' } },
      },
    ],
    [
      'output in the output of a wait',
      { activities: [{ name: 'first', wait: { signal: 's' }, output: { x: '${output.y}' } }] },
    ],
    ['names of the macros themselves', { variables: { x: '${input.list.map(item, item.index)}' } }],
    ['types', { variables: { x: '${type(input.y) == list}' } }],
  ])('may be what is known there: %s', (_, more) => {
    expect(warningsOf(document(more))).toEqual([]);
  });

  it('are all told, each with its place', () => {
    const source = 'workflow: a\nactivities:\n  - name: b\n    input: ${one + two(three)}\n';
    expect(problemsOf(source)).toEqual([
      '4:14 UNKNOWN_NAME activities[0].input',
      '4:20 UNKNOWN_FUNCTION activities[0].input',
      '4:24 UNKNOWN_NAME activities[0].input',
    ]);
  });

  it('that are variables which nothing sets are warned of, for a run may have been started before', () => {
    expect(warningsOf(document({}, { input: '${workflow.totl + workflow.total}' }))).toEqual([
      expect.stringContaining('UNKNOWN_VARIABLE activities[1].input'),
    ]);
    expect(warningsOf(document({}, { when: '${has(workflow.other)}' }))).toEqual([]);
    expect(
      warningsOf(document({}, { input: '${[workflow.id, workflow.name, workflow.started_at]}' })),
    ).toEqual([]);
  });

  it.each(['id', 'name', 'started_at'])('are not those of the run itself for a variable: %s', (name) => {
    expect(codesOf(document({ variables: { [name]: 1 } }))).toEqual([`RESERVED_NAME variables.${name}`]);
    expect(codesOf(document({}, { output: { [name]: 1 } }))).toEqual([
      `RESERVED_NAME activities[1].output.${name}`,
    ]);
    expect(codesOf(document({}, { set: { variables: { [name]: 1 } } }))).toEqual([
      `RESERVED_NAME activities[1].set.variables.${name}`,
    ]);
  });
});
