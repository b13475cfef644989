import { describe, expect, it } from 'vitest';
import { checkArchive } from '../../../src/domain/archive/verify.ts';
import { archiveLines } from '../../../src/engine/retention/archive-lines.ts';
import * as s from '../../projections/samples.ts';
import { happened, record } from '../../spec/given.ts';

const EVENTS = record([
  happened('execution-a', 1, s.started(), s.stepStarted('pay')),
  happened('execution-a', 2, s.stepCompleted('pay', 1), s.completed(1, 1)),
  happened('execution-b', 3, s.started()),
  happened('execution-b', 4, s.cancelled(3, 1)),
]);

const all = async (lines: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
};

const linesOf = async (pieces = 3): Promise<string[]> => {
  const events = async function* () {
    for (let from = 0; from < EVENTS.length; from += pieces) yield EVENTS.slice(from, from + pieces);
  };
  return all(archiveLines({ workflow: 'ship_order', batch: 3 }, events()));
};

const verdictOf = (lines: readonly string[]) => {
  const check = checkArchive();
  for (const line of lines) check.line(line);
  return check.verdict();
};

const problemsOf = (lines: readonly string[]) =>
  verdictOf(lines).problems.map(({ line, problem }) => `${line}: ${problem}`);

describe('an archive', () => {
  it.each([1, 2, 3, 6])('is what was written, however it was read: %i events at a time', async (pieces) => {
    const lines = await linesOf(pieces);
    expect(lines).toHaveLength(6);
    expect(verdictOf(lines)).toEqual({
      head: { archive: 1, workflow: 'ship_order', batch: 3 },
      ends: ['a', 'b'].map((id) => {
        const last = EVENTS.findLast(({ stream }) => stream === `execution-${id}`);
        return { stream: `execution-${id}`, revision: last?.revision, hash: last?.commit.hash };
      }),
      streams: 2,
      commits: 4,
      events: 6,
      problems: [],
    });
  });

  it('may hold nothing', async () => {
    const none = await all(archiveLines({ workflow: 'a', batch: 1 }, (async function* () {})()));
    expect(verdictOf(none)).toMatchObject({ streams: 0, commits: 0, events: 0, problems: [] });
  });

  it('is found out when a payload is another', async () => {
    const lines = await linesOf();
    const forged = lines.with(1, (lines[1] ?? '').replace('secret', 'public'));
    expect(problemsOf(forged)).toEqual([
      expect.stringMatching(/^2: execution-a@0: Expected the commit's hash to be/),
      expect.stringMatching(/^6: Expected lines with the digest sha256:/),
    ]);
  });

  it('is found out when a commit is missing, or a stream does not begin with its first', async () => {
    const lines = await linesOf();
    expect(problemsOf(lines.toSpliced(2, 1))).toEqual([
      expect.stringContaining('digest'),
      '5: Expected 4 commits, but found 3.',
      '5: Expected 6 events, but found 4.',
    ]);
    expect(problemsOf(lines.toSpliced(3, 1))[0]).toContain(
      '4: execution-b@0: Expected the event at revision 0',
    );
  });

  it('is found out when streams are mixed', async () => {
    const lines = await linesOf();
    const mixed = [lines[0], lines[1], lines[3], lines[2], lines[4], lines[5]].map(String);
    expect(problemsOf(mixed)).toContain(
      '4: Expected the commits of execution-a to stand together, but they do not.',
    );
  });

  it('is found out when it is cut off, goes on, or is something else', async () => {
    const lines = await linesOf();
    expect(problemsOf(lines.slice(0, -1))).toEqual([
      '5: Expected the archive to say its end, but it does not: it is cut off.',
    ]);
    expect(problemsOf([...lines, '{}'])).toEqual([
      '7: Expected nothing behind the end, but there is something.',
    ]);
    expect(problemsOf(['{"a":1}', 'no JSON'])).toEqual([
      '1: Expected the head of an archive, but found something else.',
      '2: Expected a commit, but found something else.',
      '2: Expected the archive to say its end, but it does not: it is cut off.',
    ]);
  });
});
