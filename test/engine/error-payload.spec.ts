import { describe, expect, it } from 'vitest';
import { NonRetryable } from '../../src/activities/non-retryable.ts';
import { LONGEST_ERROR_TYPE } from '../../src/domain/execution/error-type.ts';
import { errorPayload } from '../../src/engine/error-payload.ts';

describe('the type of an error as it is kept', () => {
  it.each(['card declined', '402', 'x'.repeat(200)])('is what an activity gives: %s', (type) => {
    expect(errorPayload(new NonRetryable('no', { type }), 524_288).error).toEqual({ type, message: 'no' });
  });

  it('has no more characters than can be asked for', () => {
    const { error } = errorPayload(new NonRetryable('no', { type: 'x'.repeat(10_000) }), 524_288);
    expect(error.type).toBe(`${'x'.repeat(200)}…`);
    expect(error.type).toHaveLength(LONGEST_ERROR_TYPE);
  });

  it('has no half of a character', () => {
    const { error } = errorPayload(new NonRetryable('no', { type: `${'x'.repeat(199)}😀!` }), 524_288);
    expect(error.type).toBe(`${'x'.repeat(199)}…`);
  });
});
