import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPTURE_LIMIT, cutValue } from '../../../src/domain/execution/cut-value.ts';
import type { Json } from '../../../src/domain/json.ts';

const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

describe('a value that is captured', () => {
  it('is kept as it is up to 10,240 bytes of JSON', () => {
    const value = 'x'.repeat(CAPTURE_LIMIT - 2);
    expect(cutValue(value)).toEqual({ json: value, bytes: 10_240, cut: false });
  });

  it('is cut beyond that, to JSON that says so and how long it was', () => {
    const { json, bytes, cut } = cutValue({ text: 'x'.repeat(20_000) });
    expect([bytes, cut]).toEqual([20_011, true]);
    expect(json).toEqual({
      truncated: true,
      bytes: 20_011,
      beginning: expect.stringMatching(/^\{"text":"x+$/) as string,
    });
    expect(bytesOf(json)).toBe(10_240);
  });

  it('never has more than the limit, is text, and loses as little as can be', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '漢', '😀'), maxLength: 400 });
    fc.assert(
      fc.property(fc.oneof(text, fc.array(text)), fc.integer({ min: 64, max: 300 }), (value, limit) => {
        const { json, bytes, cut } = cutValue(value, limit);
        expect(bytes).toBe(bytesOf(value));
        expect(cut).toBe(bytes > limit);
        expect(bytesOf(json)).toBeLessThanOrEqual(limit);
        if (!cut) return;
        const { beginning } = json as { readonly beginning: string };
        expect(JSON.stringify(value).startsWith(beginning)).toBe(true);
        expect(beginning.isWellFormed()).toBe(true);
        // A character has at most six bytes as JSON, a pair of surrogates four.
        expect(bytesOf(json)).toBeGreaterThan(limit - 6);
      }),
    );
  });
});
