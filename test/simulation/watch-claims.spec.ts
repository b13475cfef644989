import { expect, it } from 'vitest';
import { headAfter, NO_STREAM, seal } from '../../src/domain/chain.ts';
import type { CommitMetadata } from '../../src/domain/event.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { simulatedLog } from './simulated-log.ts';
import { watchClaims } from './watch-claims.ts';

const stream = streamOf('partition', '1');

/** A log to which processes write of one lease, of which `believer` is certain all the while; answers what is broken. */
const watched = (believer: string) => {
  const broken: string[] = [];
  const log = simulatedLog();
  const views = {
    holds: () => false,
    holder: () => undefined,
    onChange: () => undefined,
    want: () => undefined,
  };
  watchClaims(log, (invariant) => broken.push(invariant)).add({
    boot: believer,
    count: 4,
    holds: () => true,
    views,
  });
  let head = NO_STREAM;
  const write = (boot: string, type: string): void => {
    const facts = { node: boot, boot, partition: '1', count: 4, epoch: 1, until: 1 };
    const id = `019c0000-0000-7000-8000-00000000000${head.revision + 1}`;
    const metadata = { at: 1, $correlationId: id, $causationId: id } as CommitMetadata;
    const commit = seal(stream, head, [{ type, facts, payload: undefined }], metadata);
    log.appendNow(commit);
    head = headAfter(commit);
  };
  return { broken, write };
};

it('finds a claim of what another process is certain of', () => {
  const { broken, write } = watched('a');
  write('a', 'partition.claimed');
  write('b', 'partition.claimed');
  expect(broken).toEqual(['nobody claims what another one holds']);
});

it('lets whoever has released a lease be certain of it, however often it was claimed since', () => {
  const { broken, write } = watched('a');
  write('a', 'partition.claimed');
  write('a', 'partition.released');
  write('b', 'partition.claimed');
  write('c', 'partition.claimed');
  expect(broken).toEqual([]);
});

it('does not take the release of another process for that of the one that is certain', () => {
  const { broken, write } = watched('a');
  write('a', 'partition.claimed');
  write('b', 'partition.released');
  write('c', 'partition.claimed');
  expect(broken).toEqual(['nobody claims what another one holds']);
});
