import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPayload } from '../../src/domain/payload.ts';

const LIMIT = 524_288;
const payloadOf = (value: unknown, limit = LIMIT) => toPayload(value, limit);
const refusal = (value: unknown, limit = LIMIT) => {
  const payload = payloadOf(value, limit);
  if (payload.ok) throw new TypeError(`Expected a refusal, but got ${payload.text}`);
  return { type: payload.type, message: payload.message };
};

describe('a payload', () => {
  it.each([
    [undefined, 'null'],
    [null, 'null'],
    [true, 'true'],
    [0, '0'],
    [-0, '0'],
    ['é\ud800', '"é\\ud800"'],
    [[undefined, 1], '[null,1]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ when: new Date(0) }, '{"when":"1970-01-01T00:00:00.000Z"}'],
    [Object.create(null), '{}'],
    [
      new (class Ticket {
        id = 1;
        get later() {
          return 2;
        }
      })(),
      '{"id":1}',
    ],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    [{ toJSON: (key: string) => ({ key }) }, '{"key":""}'],
    [{ a: { toJSON: (key: string) => ({ key }) } }, '{"a":{"key":"a"}}'],
    [{ toJSON: () => undefined }, 'null'],
  ])('of %o is %s', (value, text) => {
    expect(payloadOf(value)).toEqual({ ok: true, text, json: JSON.parse(text) });
  });

  it('is written as JSON.stringify writes it, and read back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const payload = payloadOf(value);
        expect(payload).toEqual({
          ok: true,
          text: JSON.stringify(value),
          json: JSON.parse(JSON.stringify(value)),
        });
        expect(Object.is(payload.ok && payload.json, -0)).toBe(false);
      }),
    );
  });

  it('never throws, whatever an activity answers', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
          withObjectString: true,
          withBoxedValues: true,
        }),
        fc.integer({ min: 0, max: 60 }),
        (value, limit) => {
          const payload = payloadOf(value, limit);
          const fits = payload.ok
            ? JSON.stringify(payload.json) === payload.text
            : /^Expected output to .*, but .*/s.test(payload.message);
          expect(fits).toBe(true);
        },
      ),
    );
  });

  it('shares nothing with the value, so that changing the value later changes nothing', () => {
    const value = { items: [{ n: 1 }] };
    const payload = payloadOf(value);
    value.items[0]!.n = 2;
    expect(payload).toMatchObject({ json: { items: [{ n: 1 }] } });
  });

  it('may hold the same object twice', () => {
    const shared = { n: 1 };
    expect(payloadOf([shared, shared])).toMatchObject({ text: '[{"n":1},{"n":1}]' });
  });
});

describe('what is no JSON is refused with its path:', () => {
  const cycle: { self?: unknown; list: unknown[] } = { list: [] };
  cycle.list.push({ back: cycle });
  const sparse = [1];
  sparse[2] = 3;
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n += 1) deep = [deep];

  it.each([
    ['a BigInt', { total: [1n] }, 'output.total[0] is a BigInt (make it a string).'],
    ['a BigInt alone', 1n, 'output is a BigInt (make it a string).'],
    ['NaN', { 'a b': Number.NaN }, 'output["a b"] is NaN.'],
    ['an infinity', [Number.NEGATIVE_INFINITY], 'output[0] is -Infinity.'],
    ['a function', { run: () => 1 }, 'output.run is a function.'],
    ['a symbol', { tag: Symbol('x') }, 'output.tag is a symbol.'],
    ['a cycle', cycle, 'output.list[0].back is a cycle: the value holds itself.'],
    ['a hole', { rows: sparse }, 'output.rows[1] is a hole in an array.'],
    ['a Map', { by: new Map() }, 'output.by is a Map, which JSON cannot hold.'],
    ['a Set that toJSON answers', { toJSON: () => new Set() }, 'output is a Set, which JSON cannot hold.'],
    ['a Promise', { later: Promise.resolve(1) }, 'output.later is a Promise (await it).'],
    ['an Error', new Error('x'), 'output is a Error, which JSON cannot hold.'],
  ])('%s', (_, value, message) => {
    expect(refusal(value)).toEqual({
      type: 'InvalidOutput',
      message: `Expected output to be JSON, but ${message}`,
    });
  });

  it('too many levels', () => {
    expect(refusal(deep)).toMatchObject({
      message: expect.stringMatching(/is nested deeper than 200 levels\.$/),
    });
  });

  it.each([
    [
      'toJSON',
      {
        a: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
      'output.a cannot be read: no',
    ],
    [
      'a getter',
      {
        a: {
          get b() {
            throw new Error('no');
          },
        },
      },
      'output.a.b cannot be read: no',
    ],
    [
      'a proxy',
      {
        a: new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no');
            },
          },
        ),
      },
      'output.a cannot be read: no',
    ],
    [
      'what cannot be text',
      {
        get b(): never {
          throw Object.create(null);
        },
      },
      'output.b cannot be read: an unreadable error was thrown.',
    ],
  ])('%s that throws', (_, value, message) => {
    expect(refusal(value)).toEqual({
      type: 'InvalidOutput',
      message: `Expected output to be JSON, but ${message}`,
    });
  });
});

describe('what is too large is refused with its size:', () => {
  it('10 MB in one string', () => {
    expect(refusal({ body: 'x'.repeat(10_000_000) })).toEqual({
      type: 'PayloadTooLarge',
      message:
        'Expected output to have at most 524288 bytes as JSON, but it has at least 10000004 (up to output.body).',
    });
  });

  it('by bytes, not characters', () => {
    expect(payloadOf(['é'], 6)).toMatchObject({ ok: true });
    expect(refusal(['é'], 5)).toEqual({
      type: 'PayloadTooLarge',
      message: 'Expected output to have at most 5 bytes as JSON, but it has 6.',
    });
  });

  it('from the first byte over the limit on', () => {
    const nested = fc.jsonValue().filter((value) => typeof value === 'object' && value !== null);
    fc.assert(
      fc.property(nested, (value) => {
        const size = Buffer.byteLength(JSON.stringify(value));
        expect(payloadOf(value, size).ok).toBe(true);
        expect(refusal(value, size - 1)).toMatchObject({ type: 'PayloadTooLarge' });
      }),
    );
  });

  it('an array that is longer than memory', () => {
    const rows: number[] = [];
    rows.length = 4_000_000_000;
    expect(refusal({ rows })).toMatchObject({ type: 'PayloadTooLarge' });
  });

  it('little in memory that is endless when written', () => {
    let tree: unknown = [];
    for (let n = 0; n < 150; n += 1) tree = [tree, tree];
    expect(refusal(tree)).toMatchObject({ type: 'PayloadTooLarge' });
  });
});
