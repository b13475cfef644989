import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { LIMITS } from '../src/graphql/driver/limits.ts';

const limits = (text: string) => readConfig({ SAGALOG_LIMITS: text }).limits;

const problems = (text: string): readonly string[] => {
  try {
    limits(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('limits', () => {
  it('are those that are named, and others as they are', () => {
    expect(limits(' depth=8, message=1Mi,idle = 5m,aliases=0,')).toEqual({
      ...LIMITS,
      depth: 8,
      message: 1_048_576,
      idle: 300_000,
      aliases: 0,
    });
  });

  it('can each be set', () => {
    const written = Object.entries(LIMITS).map(
      ([name, value]) =>
        `${name}=${['query', 'idle', 'heartbeat', 'farewell', 'owed'].includes(name) ? `${value}ms` : value}`,
    );
    expect(limits(written.join(','))).toEqual(LIMITS);
  });

  it('that are wrong are all told', () => {
    expect(problems('depth=0,deep=3,idle=10,message=1Ti,cost=-1,tokens,toString=1')).toEqual([
      'SAGALOG_LIMITS: expected depth=a whole number from 1 to 100, but found "0".',
      `SAGALOG_LIMITS: expected one of ${Object.keys(LIMITS).join(', ')}, but found "deep".`,
      'SAGALOG_LIMITS: expected idle=a duration from 1s to 24d, but found "10".',
      'SAGALOG_LIMITS: expected message=a size from 1Ki to 64Mi, but found "1Ti".',
      'SAGALOG_LIMITS: expected cost=a whole number from 1 to 10000000, but found "-1".',
      'SAGALOG_LIMITS: expected tokens=a whole number from 10 to 100000, but found "".',
      `SAGALOG_LIMITS: expected one of ${Object.keys(LIMITS).join(', ')}, but found "toString".`,
    ]);
  });
});
