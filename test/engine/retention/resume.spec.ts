import { describe, expect, it } from 'vitest';
import type { SealedCommit } from '../../../src/domain/chain.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { CALLER } from '../../spec/engine.ts';
import { openRetaining, ran, type Retaining } from './retaining.ts';

/** What the end of the server in the middle of it looks like from within. */
class Crash extends Error {}

const crash = (): never => {
  throw new Crash('Nothing goes on any more.');
};

/** A log that dies before or behind the append of such a commit, for good. */
const dying = (
  log: EventLog,
  moment: 'before' | 'behind',
  at: (commit: SealedCommit) => boolean,
): EventLog => {
  let isDead = false;
  return {
    ...log,
    append: async (commit) => {
      if (isDead) return crash();
      isDead = at(commit);
      if (isDead && moment === 'before') return crash();
      const appended = await log.append(commit);
      return isDead ? crash() : appended;
    },
  };
};

const isOf =
  (type: string, stream = '') =>
  ({ events, stream: of }: SealedCommit) =>
    events.some((event) => event.type === type) && of.endsWith(stream);

const POINTS = ['retention.begun', 'retention.chosen', 'retention.removed', 'retention.ended'];

const removals = async ({ types }: Retaining): Promise<readonly number[]> =>
  Promise.all(
    ['a', 'b', 'c'].map(
      async (id) => (await types(id)).filter((type) => type === 'execution.removed').length,
    ),
  );

/** Goes on after a crash, and expects everything to be removed once, in archives that are whole. */
const thenGoesOn = async (at: Retaining): Promise<void> => {
  await at.caughtUp();
  await at.retain();
  expect(await at.shown()).toEqual([]);
  expect(await removals(at)).toEqual([1, 1, 1]);
  const [status] = await at.another().status();
  expect(status).toMatchObject({ openSince: null, removed: 3 });
  for (const { name, digest } of status?.archived ?? [])
    expect(await at.archive(name)).toMatchObject({ problems: [], digest });
  for (const id of ['a', 'b', 'c']) {
    const [last] = (await at.log.read(`execution-${id}`)).slice(-1);
    expect(status?.archived.map(({ name }) => name)).toContain(last?.facts['archive']);
  }
};

const begun = async (): Promise<Retaining> => {
  const at = await openRetaining();
  await at.happen(...ran('a'), ...ran('b'), ...ran('c'));
  return at;
};

describe('a removal that does not come to its end', () => {
  it.each(POINTS.flatMap((type) => [[type, 'before'] as const, [type, 'behind'] as const]))(
    'is gone on with: it ended at %s, %s it',
    async (type, moment) => {
      const at = await begun();
      await expect(at.retain({ log: dying(at.log, moment, isOf(type)) })).rejects.toThrow(Crash);
      await thenGoesOn(at);
    },
  );

  it.each(['before', 'behind'] as const)('is gone on with amid a batch: %s a removal', async (moment) => {
    const at = await begun();
    await expect(at.retain({ log: dying(at.log, moment, isOf('execution.removed', '-b')) })).rejects.toThrow(
      Crash,
    );
    await thenGoesOn(at);
  });

  it('is gone on with when the archive was written and nothing says so', async () => {
    const at = await begun();
    const archives = {
      ...at.archives,
      write: async (...given: Parameters<typeof at.archives.write>) => {
        await at.archives.write(...given);
        return crash();
      },
    };
    await expect(at.retain({ archives })).rejects.toThrow(Crash);
    expect(await at.shown()).toEqual(['a', 'b', 'c']);
    await thenGoesOn(at);
  });

  it('removes nothing that could not be archived', async () => {
    const at = await begun();
    await expect(at.retain({ archives: { ...at.archives, write: async () => crash() } })).rejects.toThrow(
      Crash,
    );
    expect(await at.another().status()).toMatchObject([{ removed: 0, archived: [] }]);
    expect((await at.another().status())[0]?.openSince).not.toBeNull();
    expect(await removals(at)).toEqual([0, 0, 0]);
  });

  it('is taken over by whoever begins later, and the first one stops', async () => {
    const at = await begun();
    let isFirst = true;
    const archives = {
      ...at.archives,
      write: async (...given: Parameters<typeof at.archives.write>) => {
        const stored = await at.archives.write(...given);
        if (isFirst) {
          isFirst = false;
          await at.retain();
        }
        return stored;
      },
    };
    await expect(at.retain({ archives })).rejects.toMatchObject({ code: 'RETENTION_UNDER_WAY' });
    await thenGoesOn(at);
  });

  it('is not begun twice by one process', async () => {
    const at = await begun();
    const retainer = at.another();
    const what = { workflow: 'ship_order', dryRun: false } as const;
    const outcomes = await Promise.allSettled([retainer.retain(what, CALLER), retainer.retain(what, CALLER)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'RETENTION_UNDER_WAY' } });
  });
});
