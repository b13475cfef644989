import { describe, expect, it } from 'vitest';
import { NO_STREAM, headAfter, seal, type SealedCommit, type StreamHead } from '../../src/domain/chain.ts';
import type { Commit, CommitMetadata, RecordedEvent } from '../../src/domain/event.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';

const STREAM = 'execution-0199a8f2-6f00-7000-8000-000000000001';

const metadata = (command: number): CommitMetadata => ({
  $correlationId: '0199a8f2-6f00-7000-8000-000000000001',
  $causationId: `0199a8f2-6f00-7000-8000-00000000001${command}`,
  at: 1_763_942_400_000 + command,
  actor: { id: 'engine', kind: 'engine', via: 'internal' },
  tenant: 'default',
  node: 'local',
  schema: 1,
});

const recorded = (commit: SealedCommit): RecordedEvent[] => {
  const shared: Commit = {
    metadata: JSON.parse(commit.metadata) as CommitMetadata,
    revision: commit.revision,
    size: commit.events.length,
    previous: commit.previous,
    hash: commit.hash,
  };
  return commit.events.map(({ id, type, facts, payload }, index) => ({
    position: BigInt(commit.revision + index + 1),
    stream: commit.stream,
    revision: commit.revision + index,
    id,
    type,
    facts: JSON.parse(facts) as RecordedEvent['facts'],
    payload,
    commit: shared,
  }));
};

const sealSizes = (...sizes: readonly number[]): SealedCommit[] => {
  const commits: SealedCommit[] = [];
  let head: StreamHead = NO_STREAM;
  for (const [command, size] of sizes.entries()) {
    const events = Array.from({ length: size }, (_, index) => ({
      type: 'step.completed',
      facts: { step: `s${index}`, attempt: 1 },
      payload: { output: index },
    }));
    const commit = seal(STREAM, head, events, metadata(command));
    commits.push(commit);
    head = headAfter(commit);
  }
  return commits;
};

const COMMITS = sealSizes(2, 3, 1);
const EVENTS = COMMITS.flatMap(recorded);

const change = (revision: number, by: Partial<RecordedEvent>): RecordedEvent[] =>
  EVENTS.map((event) => (event.revision === revision ? { ...event, ...by } : event));

const changeCommit = (revision: number, by: Partial<Commit>): RecordedEvent[] =>
  EVENTS.map((event) =>
    event.commit.revision === revision ? { ...event, commit: { ...event.commit, ...by } } : event,
  );

const moved = (event: RecordedEvent, revision: number): RecordedEvent => ({ ...event, revision });

const at = (revision: number): RecordedEvent => EVENTS[revision]!;

describe('a chain as it was written', () => {
  it('is verified, and its head answered', () => {
    expect(verifyChain(STREAM, EVENTS)).toEqual({ ok: true, head: headAfter(COMMITS[2]!) });
  });

  it('without any event ends where it begins', () => {
    expect(verifyChain(STREAM, [])).toEqual({ ok: true, head: NO_STREAM });
  });

  it('is verified from behind a head that was verified before', () => {
    const head = headAfter(COMMITS[0]!);
    expect(verifyChain(STREAM, EVENTS.slice(2), head)).toEqual({ ok: true, head: headAfter(COMMITS[2]!) });
  });

  it('does not depend on events of a commit sharing one object', () => {
    const apart = EVENTS.map((event) => structuredClone(event));
    expect(verifyChain(STREAM, apart)).toEqual({ ok: true, head: headAfter(COMMITS[2]!) });
  });
});

describe('a chain that was changed', () => {
  const forged = recorded(seal(STREAM, headAfter(COMMITS[0]!), [{ type: 'x', facts: {} }], metadata(7)));
  const METADATA = at(2).commit.metadata;

  it.each([
    { what: 'a fact', events: change(3, { facts: { step: 's1', attempt: 2 } }), revision: 2 },
    { what: 'the order of facts', events: change(3, { facts: { attempt: 1, step: 's1' } }), revision: 2 },
    { what: 'a payload', events: change(3, { payload: '{"output":9}' }), revision: 2 },
    { what: 'a payload that is gone', events: change(3, { payload: undefined }), revision: 2 },
    { what: 'a type', events: change(3, { type: 'step.failed' }), revision: 2 },
    { what: 'an id', events: change(3, { id: at(2).id }), revision: 2 },
    { what: 'metadata', events: changeCommit(2, { metadata: { ...METADATA, at: 1 } }), revision: 2 },
    { what: 'a hash', events: changeCommit(2, { hash: 'x' }), revision: 2 },
    { what: 'a previous hash', events: changeCommit(2, { previous: 'x' }), revision: 2 },
    { what: 'a commit that came before', events: changeCommit(0, { hash: 'x' }), revision: 0 },
    { what: 'an event missing at the start', events: EVENTS.slice(1), revision: 0 },
    { what: 'an event missing inside a commit', events: EVENTS.toSpliced(3, 1), revision: 3 },
    { what: 'an event missing at the end of a commit', events: EVENTS.toSpliced(4, 1), revision: 4 },
    { what: 'a commit missing', events: EVENTS.toSpliced(2, 3), revision: 2 },
    { what: 'half a commit at the end', events: EVENTS.slice(0, 4), revision: 4 },
    { what: 'two events swapped', events: [at(0), at(1), at(3), at(2), at(4), at(5)], revision: 2 },
    {
      what: 'two events swapped and renumbered',
      events: [at(0), at(1), moved(at(3), 2), moved(at(2), 3), at(4), at(5)],
      revision: 2,
    },
    { what: 'an event twice', events: EVENTS.toSpliced(3, 0, at(3)), revision: 4 },
    {
      what: 'an event inserted and the rest renumbered',
      events: [at(0), at(1), at(2), ...EVENTS.slice(2).map((event) => moved(event, event.revision + 1))],
      revision: 2,
    },
    { what: 'a commit inserted', events: EVENTS.toSpliced(2, 0, ...forged), revision: 3 },
    { what: 'a commit replaced', events: EVENTS.toSpliced(2, 3, ...forged), revision: 3 },
    { what: 'an event of another stream', events: change(3, { stream: 'execution-2' }), revision: 3 },
    { what: 'an event of another commit', events: change(3, { commit: at(0).commit }), revision: 3 },
  ])('is found out by $what', ({ events, revision }) => {
    const verdict = verifyChain(STREAM, events);
    expect(verdict).toMatchObject({ ok: false, revision });
    expect(verdict).toHaveProperty('problem', expect.stringMatching(/^Expected .+, but .+\.$/));
  });

  it('is found out by a stream of another name', () => {
    const renamed = EVENTS.map((event) => ({ ...event, stream: 'execution-2' }));
    expect(verifyChain('execution-2', renamed)).toMatchObject({ ok: false, revision: 0 });
  });

  it('cannot know of commits missing at the very end, but answers another head', () => {
    expect(verifyChain(STREAM, EVENTS.slice(0, 5))).toEqual({ ok: true, head: headAfter(COMMITS[1]!) });
  });
});
