import { describe, expect, it } from 'vitest';
import { faultOf } from './judge.ts';

const judged = (status: number, text: string, asked = ''): string | undefined =>
  faultOf({ status, text }, ['planted'], asked);

const failed = (code: string, message = 'Expected a, but b.'): string =>
  JSON.stringify({ errors: [{ message, extensions: { code } }] });

describe('what comes of an operation', () => {
  it.each([
    ['data', 200, '{"data":{"nodes":[]}}'],
    ['a refusal', 400, failed('BAD_USER_INPUT')],
    ['a batch', 200, `[{"data":null},${failed('FORBIDDEN')}]`],
    ['an answer in parts', 200, '\r\n---\r\nContent-Type: x\r\n\r\n{"data":null}\r\n-----\r\n'],
    ['no body for what is refused', 431, ''],
  ])('may be %s', (_, status, text) => {
    expect(judged(status, text)).toBeUndefined();
  });

  it.each([
    ['a secret', 200, '{"data":{"a":"it is planted"}}', 'leaks planted'],
    ['a fault', 500, failed('BAD_USER_INPUT'), 'status 500'],
    ['a fault that hides', 200, failed('INTERNAL'), 'code INTERNAL'],
    ['a store that is away', 200, failed('READ_MODELS_UNAVAILABLE'), 'code READ_MODELS_UNAVAILABLE'],
    ['a place in code', 200, failed('BAD_REQUEST', 'at f (/a/b.js:3:7)'), 'tells of its inside: at f ('],
    ['a name of a part', 200, failed('X', 'TypeError: x is no list'), 'tells of its inside: TypeError'],
    ['no JSON', 200, '<html>', 'no JSON'],
    ['nothing', 200, '', 'nothing'],
    ['an error without a code', 200, '{"errors":[{"message":"Expected a."}]}', 'an error without a code'],
  ])('may not be %s', (_, status, text, why) => {
    expect(judged(status, text)).toBe(why);
  });

  it('may tell again what was asked with', () => {
    expect(judged(200, failed('X', 'found TypeError'), 'a: "TypeError"')).toBeUndefined();
  });
});
