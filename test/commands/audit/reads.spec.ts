import { describe, expect, it } from 'vitest';
import { createReads } from '../../../src/commands/audit/reads.ts';
import type { Read } from '../../../src/commands/audit/read.ts';
import type { RecordedReads } from '../../../src/domain/definition/audit.ts';
import type { Caller } from '../../../src/commands/caller.ts';
import { handClock } from '../../spec/clock.ts';
import { callerOf } from './parts.ts';

const KNOWN = callerOf('r1');
const NOBODY: Caller = { ...KNOWN, actor: { id: 'anonymous', kind: 'user', via: 'none' } };

/** What is recorded of one reader who reads all there is, where definitions say this. */
const recordedOf = async (caller: Caller, said: Readonly<Record<string, RecordedReads | undefined>>) => {
  const recorded: string[] = [];
  const note = ({ what, target }: Read): void => void recorded.push(`${what ?? ''} ${target}`.trim());
  const record = (read: Read) => Promise.resolve(note(read));
  const workflows = { recordedReads: (name: string) => said[name], names: () => Object.keys(said) };
  const reads = createReads({ note, record }, workflows, handClock());
  for (const name of Object.keys(said)) {
    reads.history(`run of ${name}`, name, caller);
    reads.payloads(`run of ${name}`, name, caller, 'execution');
    await reads.export(name, caller);
  }
  await reads.export(undefined, caller);
  return recorded;
};

describe('which reads are recorded', () => {
  it('is said by the definition', async () => {
    expect(await recordedOf(NOBODY, { a: 'payloads' })).toEqual([
      'history run of a',
      'payloads run of a',
      'export a',
      'export',
    ]);
    expect(await recordedOf(NOBODY, { a: 'history' })).toEqual(['history run of a', 'export a', 'export']);
    expect(await recordedOf(KNOWN, { a: 'none' })).toEqual(['export']);
    expect(await recordedOf(NOBODY, { a: 'none' })).toEqual([]);
  });

  it('is raw history where nothing is said, of whoever is known', async () => {
    expect(await recordedOf(KNOWN, { a: undefined })).toEqual(['history run of a', 'export a', 'export']);
    expect(await recordedOf(NOBODY, { a: undefined })).toEqual([]);
  });
});
