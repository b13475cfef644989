import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  commitHash,
  headAfter,
  leafHash,
  NO_STREAM,
  seal,
  type SealedCommit,
} from '../../src/domain/chain.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { verifyChain, type ChainVerdict } from '../../src/domain/verify-chain.ts';
import { START, type EventLog } from '../../src/ports/event-log.ts';
import {
  commitOf,
  event,
  eventsOf,
  fill,
  freshStream,
  metadata,
  revisions,
  upToNow,
  type Open,
  type OpenLog,
} from './event-log-samples.ts';

/** What an event of a commit must read as; its position is the log's own affair. */
const recorded = (commit: SealedCommit, index: number): RecordedEvent => {
  const sealed = commit.events[index]!;
  return {
    position: START,
    stream: commit.stream,
    revision: commit.revision + index,
    id: sealed.id,
    type: sealed.type,
    facts: JSON.parse(sealed.facts) as RecordedEvent['facts'],
    payload: sealed.payload,
    commit: {
      metadata: JSON.parse(commit.metadata) as RecordedEvent['commit']['metadata'],
      revision: commit.revision,
      size: commit.events.length,
      previous: commit.previous,
      hash: commit.hash,
    },
  };
};

interface Readable {
  readonly events: readonly RecordedEvent[];
  /** What `toEqual` does not see: the order of names. */
  readonly texts: readonly string[];
  readonly chain: ChainVerdict;
}

const texts = (events: readonly RecordedEvent[]): string[] =>
  events.map(({ facts, commit }) => JSON.stringify([facts, commit.metadata]));

const readable = (found: readonly RecordedEvent[]): Readable => {
  const events = found.map((event) => ({ ...event, position: START }));
  return { events, texts: texts(events), chain: verifyChain(found[0]?.stream ?? '', found) };
};

const written = (commits: readonly SealedCommit[]): Readable => {
  const events = commits.flatMap((commit) => commit.events.map((_, index) => recorded(commit, index)));
  return { events, texts: texts(events), chain: { ok: true, head: headAfter(commits.at(-1)!) } };
};

const ODD_FACTS = JSON.parse(
  '{"10":"ten","2":"two","a":1,"__proto__":"p","constructor":"c","":"empty","list":[],"e":1e-7,"big":12345678901234567000}',
) as Record<string, unknown>;

const PAYLOADS: readonly { readonly what: string; readonly payload: unknown }[] = [
  { what: 'null', payload: null },
  { what: 'an empty text', payload: '' },
  { what: 'an empty object', payload: {} },
  { what: 'emoji and other scripts', payload: { text: 'Zoë 👩‍👩‍👧 日本語 مرحبا 𝒳', '👍': 'key' } },
  { what: 'lone surrogates', payload: { '\udc00': 'high \ud83d alone, low \ude00 alone' } },
  { what: 'control characters', payload: 'nul \u0000, line \u2028, quote ", backslash \\, newline \n' },
  {
    what: 'keys that engines reorder or lose',
    payload: JSON.parse('{"b":1,"10":2,"2":3,"__proto__":{"x":1},"constructor":null}'),
  },
  { what: 'numbers at the edge', payload: [-0, 0.1, 1e21, 5e-324, Number.MAX_SAFE_INTEGER] },
  { what: 'nested arrays', payload: [[[[[]]], [[null]]]] },
];

/** What is read back: every field, whatever the data. */
export const dataConformance = (open: Open): void => {
  let opened: OpenLog;
  let log: EventLog;
  let stream: string;

  beforeEach(async () => {
    opened = await open();
    log = opened.log;
    stream = freshStream();
  });
  afterEach(() => opened.close());

  it('reads back every field of every event', async () => {
    const commits = await fill(log, stream, 2, [event('step.started')], 3);
    expect(readable(await log.read(stream))).toEqual(written(commits));
  });

  it('gives a subscription the same events as a reader', async () => {
    const before = await log.end();
    const commits = await fill(log, stream, 2, [event('step.started')], 3);
    const events = eventsOf(await upToNow(log, before, { stream }));
    expect(readable(events)).toEqual(written(commits));
    expect(events).toEqual(await log.read(stream));
  });

  it('reads metadata without its optional fields', async () => {
    const { $correlationId, $causationId, at, actor, tenant, node, schema } = metadata();
    const bare = { $correlationId, $causationId, at, actor, tenant, node, schema };
    const commit = seal(stream, NO_STREAM, [event('event.emitted')], bare);
    await log.append(commit);
    expect(readable(await log.read(stream))).toEqual(written([commit]));
  });

  it.each(PAYLOADS)('keeps $what in a payload, byte for byte', async ({ payload }) => {
    const commit = commitOf(stream, NO_STREAM, [
      event('step.completed', payload),
      event('step.started'),
      event('step.completed', payload),
    ]);
    await log.append(commit);
    const events = await log.read(stream);
    expect(readable(events)).toEqual(written([commit]));
    expect(events.map((found) => found.payload)).toEqual([
      JSON.stringify(payload),
      undefined,
      JSON.stringify(payload),
    ]);
  });

  it('keeps odd names and numbers among the facts', async () => {
    const commit = commitOf(stream, NO_STREAM, [
      { type: 'step.completed', facts: ODD_FACTS },
      { type: 'step.completed', facts: {} },
      { type: 'step.completed', facts: { text: '👩‍👩‍👧 \ud83d "quoted" \u0000', list: ['é', '\udc00'] } },
    ]);
    await log.append(commit);
    const events = await log.read(stream);
    expect(readable(events)).toEqual(written([commit]));
    expect(Object.keys(events[0]?.facts ?? {})).toEqual(Object.keys(ODD_FACTS));
  });

  it('keeps a stream name beyond ASCII apart from others', async () => {
    stream = freshStream('workflow-Bestätigung 👍');
    const other = `${stream}é`;
    await fill(log, other, 1);
    const commits = await fill(log, stream, 2);
    expect(readable(await log.read(stream))).toEqual(written(commits));
  });

  it('keeps payloads of 500 KiB', async () => {
    const large = 'x'.repeat(512_000 - 8);
    const commit = commitOf(stream, NO_STREAM, [
      event('step.completed', { large }),
      event('step.completed', { large: 'ö'.repeat(250_000) }),
    ]);
    await log.append(commit);
    expect(readable(await log.read(stream))).toEqual(written([commit]));
  });

  it('keeps a commit of many events', async () => {
    const commits = await fill(log, stream, 500, 1);
    expect(readable(await log.read(stream))).toEqual(written(commits));
    expect(revisions(await log.read(stream, { from: 123, limit: 3 }))).toEqual([123, 124, 125]);
  });

  it('keeps ids that are not derived from the command', async () => {
    const sealed = commitOf(stream, NO_STREAM, 2);
    const ids = ['7d3e2a10-5c1f-4b7e-9a60-2f0d1c3b4a59', '0c9b8a76-1e2d-4f3c-8b5a-6d7e8f901234'];
    const events = sealed.events.map((found, index) => ({ ...found, id: ids[index]! }));
    const hash = commitHash('', stream, 0, events.map(leafHash), sealed.metadata);
    const commit = { ...sealed, events, hash };
    await log.append(commit);
    expect(readable(await log.read(stream))).toEqual(written([commit]));
  });

  describe('reading a part', () => {
    beforeEach(() => fill(log, stream, 2, 3, 1));

    it.each([
      { options: { from: 0, limit: 2 }, found: [0, 1] },
      { options: { from: 1, limit: 3 }, found: [1, 2, 3] },
      { options: { from: 3 }, found: [3, 4, 5] },
      { options: { from: 4, limit: 1 }, found: [4] },
      { options: { limit: 100 }, found: [0, 1, 2, 3, 4, 5] },
      { options: { from: 6 }, found: [] },
      { options: { from: 60 }, found: [] },
    ])('answers $found for $options', async ({ options, found }) => {
      const events = await log.read(stream, options);
      expect(revisions(events)).toEqual(found);
      const all = await log.read(stream);
      expect(events).toEqual(all.filter(({ revision }) => found.includes(revision)));
    });

    it('stops at 1,000 events unless told otherwise', async () => {
      const long = freshStream();
      await fill(log, long, 600, 600);
      expect(await log.read(long)).toHaveLength(1_000);
      expect(await log.read(long, { limit: 5_000 })).toHaveLength(1_200);
    });
  });
};
