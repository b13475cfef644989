import { describe, expect, it } from 'vitest';
import { decideTracing } from '../../../src/domain/execution/tracing.ts';

const tracing = (samplingRate: number) => ({ enabled: true, samplingRate, capture: false });
const ids = Array.from({ length: 4_000 }, (_, n) => `0199aaaa-0000-7000-8000-${String(n).padStart(12, '0')}`);
const sampled = (rate: number): readonly string[] =>
  ids.filter((id) => decideTracing(tracing(rate), id, false) === 'sampled');

describe('the sampling of executions', () => {
  it('takes the share that is asked for', () => {
    expect(sampled(0)).toEqual([]);
    expect(sampled(1)).toEqual(ids);
    expect(sampled(0.1).length / ids.length).toBeCloseTo(0.1, 1);
  });

  it('says the same of an execution whenever it is asked, and for any greater share', () => {
    expect(sampled(0.3)).toEqual(sampled(0.3));
    const most = new Set(sampled(0.5));
    expect(sampled(0.3).every((id) => most.has(id))).toBe(true);
  });
});
