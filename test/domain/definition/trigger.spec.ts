import { describe, expect, it } from 'vitest';
import { RESERVED_SEGMENTS } from '../../../src/domain/definition/build/route.ts';
import { ExpressionError } from '../../../src/domain/definition/definition.ts';
import { keyOf, matches } from '../../../src/domain/definition/trigger.ts';
import type { Json } from '../../../src/domain/json.ts';
import { parsed, problemsOf, refused, warningsOf } from './parsed.ts';

const withTrigger = (trigger: Json): string =>
  JSON.stringify({ workflow: 'a', trigger, activities: [{ name: 'b' }] });

const starts = (conditions: Json, event: Json): boolean => {
  const { trigger } = parsed(withTrigger({ event: 'e', conditions })).definition;
  return trigger !== undefined && matches(trigger, event);
};

describe('a trigger', () => {
  it.each<readonly [string, Json]>([
    ['as a word', 'manual'],
    ['as a field', { manual: true }],
    ['as a field without a value', { manual: null }],
    ['left out', {}],
  ])('may be manual: %s', (_, trigger) => {
    expect(parsed(withTrigger(trigger)).definition.trigger).toBeUndefined();
    expect(warningsOf(withTrigger(trigger))).toEqual([]);
  });

  it('may be an event beside a start by hand', () => {
    const { trigger } = parsed(withTrigger({ event: 'ticket:created', manual: true })).definition;
    expect(trigger).toEqual({ event: 'ticket:created', conditions: [] });
  });

  it('cannot forbid a start by hand, and says so', () => {
    expect(warningsOf(withTrigger({ event: 'e', manual: false }))).toEqual([
      expect.stringContaining('NOT_ENFORCED trigger.manual'),
    ]);
  });

  it.each<readonly [string, Json, string]>([
    ['another word', 'ticket:created', 'WRONG_VALUE trigger'],
    ['a list', ['manual'], 'WRONG_TYPE trigger'],
    ['conditions of no event', { conditions: { x: 1 } }, 'MISSING_FIELD trigger'],
    ['singleton without an event', { singleton: true }, 'MISSING_FIELD trigger'],
    ['a singleton that is none', { event: 'e', singleton: 'yes' }, 'WRONG_TYPE trigger.singleton'],
    ['a singleton without a key', { event: 'e', singleton: {} }, 'MISSING_FIELD trigger.singleton'],
    ['an empty key', { event: 'e', singleton: { key: '' } }, 'WRONG_VALUE trigger.singleton.key'],
    ['a key that is no text', { event: 'e', singleton: { key: 1 } }, 'WRONG_TYPE trigger.singleton.key'],
    [
      'a misspelt key',
      { event: 'e', singleton: { key: '${event.x}', kye: 1 } },
      'UNKNOWN_FIELD trigger.singleton.kye',
    ],
    [
      'a key that is always the same',
      { event: 'e', singleton: { key: 'one' } },
      'BAD_EXPRESSION trigger.singleton.key',
    ],
    [
      'a key of what is not known yet',
      { event: 'e', singleton: { key: '${workflow.x}' } },
      'UNKNOWN_NAME trigger.singleton.key',
    ],
    ['an empty event', { event: '' }, 'WRONG_VALUE trigger.event'],
    [
      'a condition with a text around it',
      { event: 'e', conditions: { x: 'is ${event.x}' } },
      'BAD_EXPRESSION trigger.conditions.x',
    ],
    [
      'a condition that is no expression',
      { event: 'e', conditions: { x: 'expr: 1 +' } },
      'BAD_EXPRESSION trigger.conditions.x',
    ],
    ['an empty condition', { event: 'e', conditions: { x: 'expr:' } }, 'BAD_EXPRESSION trigger.conditions.x'],
    [
      'a name that there is none of',
      { event: 'e', conditions: { x: 'expr: evnt.x' } },
      'UNKNOWN_NAME trigger.conditions.x',
    ],
  ])('is refused with %s', (_, trigger, problem) => {
    expect(problemsOf(withTrigger(trigger)).map((text) => text.replace(/^\d+:\d+ /, ''))).toEqual([problem]);
  });
});

describe('a trigger by request', () => {
  it('is a method and a path, beside others', () => {
    const http = { method: 'DELETE', path: '/a/b-c_d.e~f/..g' };
    const { definition } = parsed(withTrigger({ event: 'e', http }));
    expect(definition.route).toEqual(http);
    expect(definition.trigger?.event).toBe('e');
    expect(parsed(withTrigger({ event: 'e' })).definition.route).toBeUndefined();
  });

  it.each<readonly [string, Json, readonly string[]]>([
    ['a text', 'POST /a', ['WRONG_TYPE trigger.http']],
    ['nothing', null, ['WRONG_TYPE trigger.http']],
    ['no path', { method: 'POST' }, ['MISSING_FIELD trigger.http']],
    ['neither', {}, ['MISSING_FIELD trigger.http', 'MISSING_FIELD trigger.http']],
    ['GET', { method: 'GET', path: '/a' }, ['WRONG_VALUE trigger.http.method']],
    ['small letters', { method: 'post', path: '/a' }, ['WRONG_VALUE trigger.http.method']],
    ['a path without a slash', { method: 'POST', path: 'a' }, ['WRONG_VALUE trigger.http.path']],
    ['a path that ends with one', { method: 'POST', path: '/a/' }, ['WRONG_VALUE trigger.http.path']],
    ['the root', { method: 'POST', path: '/' }, ['WRONG_VALUE trigger.http.path']],
    ['a path that goes up', { method: 'POST', path: '/a/../b' }, ['WRONG_VALUE trigger.http.path']],
    ['a query', { method: 'POST', path: '/a?b=c' }, ['WRONG_VALUE trigger.http.path']],
    ['a path that has to be encoded', { method: 'POST', path: '/ä' }, ['WRONG_VALUE trigger.http.path']],
    ['a path of the server', { method: 'POST', path: '/graphql' }, ['RESERVED_PATH trigger.http.path']],
    ['a path below one', { method: 'POST', path: '/events/x' }, ['RESERVED_PATH trigger.http.path']],
    ['another field', { method: 'POST', path: '/a', pth: '/b' }, ['UNKNOWN_FIELD trigger.http.pth']],
  ])('is refused with %s', (_, http, problems) => {
    const found = problemsOf(withTrigger({ http })).map((text) => text.replace(/^\d+:\d+ /, ''));
    expect(found).toEqual(problems);
  });

  it('names what was meant', () => {
    const source = 'workflow: a\ntrigger:\n  http: { metod: POST, path: /a }\nactivities: [{ name: b }]\n';
    expect(refused(source).map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '3:3 Expected "method" here, but it is missing.',
      '3:11 Expected a field of a method and a path, but there is no "metod". Did you mean "method"?',
    ]);
  });

  it('is no path that the server serves', () => {
    const paths = RESERVED_SEGMENTS.map((name) => `/${name}`);
    const found = paths.map((path) => problemsOf(withTrigger({ http: { method: 'POST', path } })).length);
    expect(found).toEqual(paths.map(() => 1));
  });
});

describe('the key of a trigger', () => {
  const keyIn = (key: string, event: Json, input: Json = null) =>
    keyOf(parsed(withTrigger({ event: 'e', idempotency_key: key })).definition, { event, input });

  it.each<readonly [string, string, Json, string | undefined]>([
    ['a text', '${event.id}', { id: 'T-1' }, 'T-1'],
    ['a number, as its text is', '${event.id}', { id: 7 }, '7'],
    ['joined parts', '${event.kind}/${event.id}', { kind: 'a', id: 7 }, 'a/7'],
    ['an object, in any order', '${event}', { b: [1, 'x'], a: null }, '{"a":null,"b":[1,"x"]}'],
    ['null, which is none', '${event.id}', { id: null }, undefined],
    ['an empty text, which is none', '${event.id}', { id: '' }, undefined],
  ])('is %s', (_, key, event, found) => {
    expect(keyIn(key, event)).toBe(found);
  });

  it('may speak of the input, and has no value where that has none', () => {
    expect(keyIn('${input.order}', null, { order: 'O-1' })).toBe('O-1');
    expect(() => keyIn('${event.id}', {})).toThrow(ExpressionError);
  });

  it('is not there unless it is written', () => {
    expect(keyOf(parsed(withTrigger({ event: 'e' })).definition, { event: {}, input: null })).toBeUndefined();
  });

  it.each<readonly [string, Json, string]>([
    ['no text', { event: 'e', idempotency_key: 7 }, 'WRONG_TYPE trigger.idempotency_key'],
    ['an empty text', { event: 'e', idempotency_key: '' }, 'WRONG_VALUE trigger.idempotency_key'],
    [
      'what is always the same',
      { event: 'e', idempotency_key: 'id' },
      'BAD_EXPRESSION trigger.idempotency_key',
    ],
    [
      'what is no expression',
      { event: 'e', idempotency_key: '${event.}' },
      'BAD_EXPRESSION trigger.idempotency_key',
    ],
    ['a variable', { event: 'e', idempotency_key: '${workflow.x}' }, 'UNKNOWN_NAME trigger.idempotency_key'],
    ['a step', { event: 'e', idempotency_key: '${steps.b.output}' }, 'UNKNOWN_NAME trigger.idempotency_key'],
    ['nothing that starts a run', { idempotency_key: '${event.id}' }, 'MISSING_FIELD trigger'],
    ['another name', { event: 'e', idempotency_kye: '${event.id}' }, 'UNKNOWN_FIELD trigger.idempotency_kye'],
  ])('is refused when it is %s', (_, trigger, problem) => {
    expect(problemsOf(withTrigger(trigger)).map((text) => text.replace(/^\d+:\d+ /, ''))).toEqual([problem]);
  });
});

describe('the conditions of a trigger', () => {
  const event = {
    priority: 'high',
    amount: 150,
    tags: ['a', 'b'],
    from: { country: 'de' },
    none: null,
    'a.b': 1,
  };

  it.each<readonly [string, Json, boolean]>([
    ['none', {}, true],
    ['a value', { priority: 'high' }, true],
    ['another value', { priority: 'low' }, false],
    ['all of them', { priority: 'high', amount: 150 }, true],
    ['one of them not', { priority: 'high', amount: 151 }, false],
    ['a value of another type', { amount: '150' }, false],
    ['null that is there', { none: null }, true],
    ['null that is not there', { nothing: null }, false],
    ['a list', { tags: ['a', 'b'] }, true],
    ['a list in another order', { tags: ['b', 'a'] }, false],
    ['an object', { from: { country: 'de' } }, true],
    ['a path', { 'from.country': 'de' }, true],
    ['a name with a dot', { 'a.b': 1 }, true],
    ['a name of JavaScript', { constructor: {} }, false],
    ['an expression', { amount: '${event.amount > 100}' }, true],
    ['an expression that is false', { amount: '${event.amount > 200}' }, false],
    [
      'an expression without braces',
      { amount: 'expr: event.amount > 100 && event.priority in ["high"]' },
      true,
    ],
    ['an expression that is no truth', { amount: '${event.amount}' }, false],
    ['an expression without a value', { amount: '${event.price > 1}' }, false],
  ])('are equality, or an expression that is true: %s', (_, conditions, answer) => {
    expect(starts(conditions, event)).toBe(answer);
  });

  it('do not hold for a payload that is no object', () => {
    expect(starts({ priority: 'high' }, 'high')).toBe(false);
    expect(starts({ '0': 'high' }, ['high'])).toBe(false);
    expect(starts({}, null)).toBe(true);
  });
});
