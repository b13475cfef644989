import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { headAfter, NO_STREAM, type SealedCommit, type StreamHead } from '../../src/domain/chain.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { WrongExpectedRevision, type EventLog } from '../../src/ports/event-log.ts';
import { commitOf, eventsOf, freshStream, upToNow, type Open } from './event-log-samples.ts';

/** What one append of a round tries. */
interface Attempt {
  readonly stream: number;
  readonly kind: 'next' | 'again' | 'stale' | 'gap' | 'twice';
  readonly size: number;
}

/** The log as a test believes it to be: each stream's commits, with the position that each was answered. */
type Model = Map<string, { commit: SealedCommit; position: bigint }[]>;

const STREAMS = 3;

const attempt = fc.record<Attempt>({
  stream: fc.nat(STREAMS - 1),
  kind: fc.constantFrom('next', 'next', 'again', 'stale', 'gap', 'twice'),
  size: fc.integer({ min: 1, max: 4 }),
});

const rounds = fc.array(fc.array(attempt, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });

const headOf = (model: Model, stream: string): StreamHead => {
  const last = model.get(stream)?.at(-1);
  return last === undefined ? NO_STREAM : headAfter(last.commit);
};

const commitsOf = (model: Model, stream: string, { kind, size }: Attempt): readonly SealedCommit[] => {
  const head = headOf(model, stream);
  const earlier = model.get(stream) ?? [];
  if (kind === 'again' && earlier.length > 0) return [earlier[size % earlier.length]!.commit];
  if (kind === 'stale' && head.revision >= 0) {
    return [commitOf(stream, { revision: head.revision - 1, hash: 'stale' }, size)];
  }
  // Farther than what any other append of the round can bring.
  if (kind === 'gap') return [commitOf(stream, { revision: head.revision + 10, hash: 'gap' }, size)];
  const next = commitOf(stream, head, size);
  return kind === 'twice' ? [next, next] : [next];
};

/** Appends all at once, then holds every answer against what the model allows. */
const play = async (log: EventLog, model: Model, commits: readonly SealedCommit[]): Promise<void> => {
  const heads = new Map(commits.map(({ stream }) => [stream, headOf(model, stream)]));
  const settled = await Promise.allSettled(commits.map((commit) => log.append(commit)));
  const won = new Map<string, { commit: SealedCommit; position: bigint }>();
  for (const [index, commit] of commits.entries()) {
    const result = settled[index]!;
    const known = model.get(commit.stream)?.find((entry) => entry.commit.hash === commit.hash);
    if (known !== undefined) {
      expect(result).toEqual({ status: 'fulfilled', value: { position: known.position } });
    } else if (result.status === 'fulfilled') {
      expect(commit.revision).toBe(heads.get(commit.stream)!.revision + 1);
      const winner = won.get(commit.stream);
      if (winner !== undefined) expect(commit.hash).toBe(winner.commit.hash);
      won.set(commit.stream, { commit, position: result.value.position });
    }
  }
  for (const [index, commit] of commits.entries()) {
    const result = settled[index]!;
    const start = heads.get(commit.stream)!.revision;
    const winner = won.get(commit.stream)?.commit;
    const fits = commit.revision === start + 1;
    // Somebody must win a place that fits, and whoever lost it was told where the stream ends.
    if (fits) expect(winner).toBeDefined();
    if (result.status === 'fulfilled') continue;
    expect(result.reason).toBeInstanceOf(WrongExpectedRevision);
    const ends = winner === undefined ? [start] : [start, headAfter(winner).revision];
    expect(ends).toContain((result.reason as WrongExpectedRevision).actual);
    expect(result.reason).toMatchObject({ stream: commit.stream, expected: commit.revision - 1 });
  }
  for (const [stream, entry] of won) model.set(stream, [...(model.get(stream) ?? []), entry]);
};

/** Random appends, at once and repeated, against a model of the log. */
export const modelConformance = (open: Open): void => {
  it('answers any appends as a list of commits would', async () => {
    const opened = await open();
    try {
      await fc.assert(
        fc.asyncProperty(rounds, async (played) => {
          const { log } = opened;
          const before = await log.end();
          const streams = Array.from({ length: STREAMS }, () => freshStream());
          const model: Model = new Map();
          for (const round of played) {
            const commits = round.flatMap((tried) => commitsOf(model, streams[tried.stream]!, tried));
            await play(log, model, commits);
          }
          const followed = eventsOf(await upToNow(log, before));
          for (const stream of streams) {
            const entries = model.get(stream) ?? [];
            const events = await log.read(stream);
            expect(events.map(({ id }) => id)).toEqual(
              entries.flatMap(({ commit }) => commit.events.map(({ id }) => id)),
            );
            expect(followed.filter((event) => event.stream === stream)).toEqual(events);
            expect(verifyChain(stream, events)).toEqual({ ok: true, head: headOf(model, stream) });
            expect(await log.head(stream)).toEqual(entries.length === 0 ? undefined : headOf(model, stream));
          }
        }),
        { numRuns: 60 },
      );
    } finally {
      await opened.close();
    }
  }, 60_000);
};
