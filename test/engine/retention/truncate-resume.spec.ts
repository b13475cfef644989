import { describe, expect, it } from 'vitest';
import type { SealedCommit } from '../../../src/domain/chain.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { CALLER } from '../../spec/engine.ts';
import { inBrief, openTruncating, wholeOf } from './truncating.ts';

/** What the end of the server in the middle of it looks like from within. */
class Crash extends Error {}

const crash = (): never => {
  throw new Crash('Nothing goes on any more.');
};

type Moment = 'before' | 'behind';

/** A log that dies before or behind such a commit or truncation, for good. */
const dying = (
  log: EventLog,
  moment: Moment,
  at: (commit: Pick<SealedCommit, 'stream' | 'events'> | string) => boolean,
): EventLog => {
  let isDead = false;
  const unlessDead = async <T>(what: Parameters<typeof at>[0], work: () => Promise<T>): Promise<T> => {
    if (isDead) return crash();
    isDead = at(what);
    if (isDead && moment === 'before') return crash();
    const done = await work();
    return isDead ? crash() : done;
  };
  return {
    ...log,
    append: (commit) => unlessDead(commit, () => log.append(commit)),
    truncate: (stream, before) => unlessDead(stream, () => log.truncate(stream, before)),
  };
};

const isOf =
  (type: string, stream = '') =>
  (what: Pick<SealedCommit, 'stream' | 'events'> | string): boolean =>
    typeof what !== 'string' &&
    what.stream.endsWith(stream) &&
    what.events.some((event) => event.type === type);

const POINTS: readonly (readonly [name: string, at: ReturnType<typeof isOf>])[] = [
  ['the beginning', isOf('truncation.begun')],
  ['the first seal', isOf('execution.condensed')],
  ['the last seal', isOf('execution.condensed', '-e')],
  ['what is in brief', isOf('truncation.condensed')],
  ['the choice', isOf('truncation.chosen')],
  ['a truncation', (what) => what === 'execution-c'],
  ['the end', isOf('truncation.ended')],
];

describe('a truncation that does not come to its end', () => {
  it.each(
    POINTS.flatMap(([name, at]) =>
      (['before', 'behind'] as const).map((moment) => [moment, name, at] as const),
    ),
  )('is gone on with, and no figure changes: %s %s', async (moment, _, point) => {
    const at = await openTruncating();
    const before = await at.views();
    const whole = inBrief(await wholeOf(at.log));
    await expect(at.truncate({ log: dying(at.log, moment, point) })).rejects.toThrow(Crash);
    expect(inBrief(await wholeOf(at.log)).slice(0, whole.length)).toEqual(whole);
    expect(await at.differing()).toEqual([]);
    await at.truncate();
    expect((await at.another().status())[0]).toMatchObject({ truncated: 4 });
    for (const [id, left] of Object.entries(await at.left(['a', 'b', 'c', 'e'])))
      expect([id, left.length]).toEqual([id, 2]);
    const { audited: _before, ...views } = before;
    expect(await at.views()).toMatchObject(views);
    expect(inBrief(await wholeOf(at.log)).slice(0, whole.length)).toEqual(whole);
    expect(await at.differing()).toEqual([]);
  });

  it('is taken over by whoever begins later, and the first one stops', async () => {
    const at = await openTruncating();
    let isFirst = true;
    const log: EventLog = {
      ...at.log,
      append: async (commit) => {
        if (isFirst && isOf('truncation.condensed')(commit)) {
          isFirst = false;
          await at.truncate();
        }
        return at.log.append(commit);
      },
    };
    await expect(at.truncate({ log })).rejects.toMatchObject({ code: 'TRUNCATION_UNDER_WAY' });
    expect((await at.another().status())[0]).toMatchObject({ truncated: 4 });
    expect(await at.differing()).toEqual([]);
  });

  it('is not begun twice by one process', async () => {
    const at = await openTruncating();
    const retainer = at.another();
    const outcomes = await Promise.allSettled([
      retainer.truncate({ dryRun: false }, CALLER),
      retainer.truncate({ dryRun: false }, CALLER),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'TRUNCATION_UNDER_WAY' } },
    ]);
  });

  it('leaves an execution that came back at the same moment', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    let back: Promise<unknown> | undefined;
    const log: EventLog = {
      ...at.log,
      append: async (commit) => {
        if (isOf('execution.condensed')(commit)) await (back ??= at.another().bringBack(name, CALLER));
        return at.log.append(commit);
      },
    };
    expect(await at.truncate({ log })).toMatchObject([{ truncated: 0, left: 4 }]);
    expect(await at.shown()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is told to whoever brings an archive back at the same moment', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    let gone: Promise<unknown> | undefined;
    const log: EventLog = {
      ...at.log,
      append: async (commit) => {
        if (isOf('execution.restored')(commit)) await (gone ??= at.truncate());
        return at.log.append(commit);
      },
    };
    await expect(at.another({ log }).bringBack(name, CALLER)).rejects.toMatchObject({
      code: 'EXECUTION_TRUNCATED',
    });
    expect(await at.shown()).toEqual(['d']);
    expect(await at.differing()).toEqual([]);
  });
});
