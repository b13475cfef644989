import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../src/domain/json-schema.ts';

describe('a schema', () => {
  it('names everything that is wrong with a value, each by its path', () => {
    const check = compileSchema({ type: 'object', properties: { a: { type: 'string' } }, required: ['b'] });
    expect(check({ a: 'x', b: 1 })).toEqual([]);
    expect(check({ a: 1 })).toEqual(["the value must have required property 'b'", 'a must be string']);
    expect(check(1)).toEqual(['the value must be object']);
  });

  it.each([
    [{ type: 'nothing' }, /^schema is invalid: data\/type must be equal to one of the allowed values/],
    [{ minimum: 'a' }, /^schema is invalid: data\/minimum must be number/],
    [{ $schema: 5 }, /^\$schema must be a string/],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, /^no schema with key or ref "http/],
    [{ $ref: '#/nothing' }, /^can't resolve reference #\/nothing/],
    [{ $async: true }, /^schema is invalid: data\/\$async/],
  ])('%j is none', (schema, problem) => {
    expect(() => compileSchema(schema)).toThrow(problem);
  });

  it('may be referred to by the names that it gives, which are not those of another', () => {
    const named = (type: string) =>
      compileSchema({
        $id: 'outer',
        $defs: { one: { $id: 'inner', type } },
        properties: { a: { $ref: 'inner' } },
      });
    const [texts, numbers] = [named('string'), named('number')];
    expect(texts({ a: 'x' })).toEqual([]);
    expect(numbers({ a: 'x' })).toEqual(['a must be number']);
  });

  it('may be that of schemas', () => {
    const check = compileSchema({ $ref: 'https://json-schema.org/draft/2020-12/schema' });
    expect(check({ type: 'string' })).toEqual([]);
    expect(check({ type: 'nothing' })).not.toEqual([]);
  });
});
