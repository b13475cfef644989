import { describe, expect, it } from 'vitest';
import { parsed, problemsOf, warningsOf } from './parsed.ts';

const source = (audit: string) => `workflow: a\naudit: ${audit}\nactivities: [{ name: one }]\n`;

describe('what is recorded of who looks into runs', () => {
  it.each(['none', 'history', 'payloads'])('is said by a word: %s', (reads) => {
    expect(parsed(source(`{ reads: ${reads} }`)).definition.recordedReads).toBe(reads);
    expect(warningsOf(source(`{ reads: ${reads} }`))).toEqual([]);
  });

  it('is what the server usually records where nothing is said', () => {
    expect(parsed('workflow: a\nactivities: [{ name: one }]\n').definition.recordedReads).toBeUndefined();
    expect(parsed(source('{}')).definition.recordedReads).toBeUndefined();
  });

  it.each([
    ['payloads', ['2:8 WRONG_TYPE audit']],
    ['{ reads: all }', ['2:17 WRONG_VALUE audit.reads']],
    ['{ reads: [history] }', ['2:17 WRONG_VALUE audit.reads']],
    ['{ read: history, reads: yes }', ['2:10 UNKNOWN_FIELD audit.read', '2:32 WRONG_VALUE audit.reads']],
  ])('is refused with everything that is wrong of it, and where: %s', (audit, expected) => {
    expect(problemsOf(source(audit))).toEqual(expected);
  });
});
