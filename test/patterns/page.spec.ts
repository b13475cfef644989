import { describe, expect, it } from 'vitest';
import { parsed } from '../domain/definition/parsed.ts';
import { SECTIONS } from './page.ts';

/** The patterns as their authors name and number them. */
const PATTERNS = [
  'Sequence',
  'Parallel split',
  'Synchronization',
  'Exclusive choice',
  'Simple merge',
  'Multi-choice',
  'Synchronizing merge',
  'Multi-merge',
  'Discriminator',
  'Arbitrary cycles',
  'Implicit termination',
  'Multiple instances without synchronization',
  'Multiple instances with a priori design-time knowledge',
  'Multiple instances with a priori run-time knowledge',
  'Multiple instances without a priori run-time knowledge',
  'Deferred choice',
  'Interleaved parallel routing',
  'Milestone',
  'Cancel activity',
  'Cancel case',
];

describe('the page about patterns', () => {
  it('shows all twenty, in their order', () => {
    expect(SECTIONS.map(({ title }) => title)).toEqual(PATTERNS.map((name, n) => `${n + 1}. ${name}`));
  });

  it.each(SECTIONS)('has an example of $title that is taken without a warning', ({ source }) => {
    expect(parsed(source).warnings).toEqual([]);
  });

  it('says of the one that cannot be written why that is', () => {
    const cannot = SECTIONS.filter(({ text }) => text.includes('cannot be written'));
    expect(cannot.map(({ title }) => title)).toEqual([`15. ${PATTERNS[14]}`]);
  });
});
