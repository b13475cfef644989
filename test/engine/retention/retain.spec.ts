import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/domain/registry.ts';
import { verifyChain } from '../../../src/domain/verify-chain.ts';
import { retentionFloor } from '../../../src/retention-floor.ts';
import { settled } from '../../projections/settled.ts';
import { tally } from '../../projections/tally.ts';
import * as s from '../../projections/samples.ts';
import { CALLER } from '../../spec/engine.ts';
import { happened } from '../../spec/given.ts';
import { NOW, openRetaining, ran } from './retaining.ts';

const childOf = (parent: string): EventOf<'execution.started'> => {
  const { facts, ...rest } = s.started();
  return { ...rest, facts: { ...facts, parent, parentStep: 'pay', parentRevision: 0, depth: 1 } };
};

describe('what is kept no longer', () => {
  it('is archived, removed, and said in the log', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a', 10), ...ran('b', 20), ...ran('late', NOW - 500));
    const outcome = await at.retain();
    expect(outcome).toMatchObject({ workflow: 'ship_order', before: NOW - 1_000, removed: 2, left: 0 });
    expect(await at.shown()).toEqual(['late']);
    const [archive] = outcome?.archives ?? [];
    const checked = await at.archive(archive?.name ?? '');
    expect(checked).toMatchObject({
      streams: 2,
      commits: 4,
      events: 8,
      problems: [],
      digest: archive?.digest,
    });
    const told = await at.told();
    expect(told.map(({ type, facts }) => [type, facts])).toEqual([
      ['retention.begun', { workflow: 'ship_order', before: NOW - 1_000, archives: true }],
      [
        'retention.chosen',
        {
          workflow: 'ship_order',
          batch: 1,
          executions: 2,
          from: 11,
          to: 21,
          archive: archive?.name,
          digest: archive?.digest,
          bytes: archive?.bytes,
        },
      ],
      ['retention.removed', { workflow: 'ship_order', batch: 1, removed: 2, left: 0 }],
      ['retention.ended', { workflow: 'ship_order', removed: 2, batches: 1 }],
    ]);
    expect(told[0]?.commit.metadata.actor).toEqual(CALLER.actor);
    const events = await at.log.read('execution-a');
    expect(events.at(-1)).toMatchObject({
      type: 'execution.removed',
      facts: { workflow: 'ship_order', status: 'completed', endedAt: 11, archive: archive?.name },
    });
    expect(verifyChain('execution-a', events)).toMatchObject({ ok: true });
  });

  it('is nothing a second time, and then the log says nothing either', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a'));
    await at.retain();
    const end = await at.log.end();
    expect(await at.retain()).toMatchObject({ removed: 0, left: 0, archives: [] });
    expect(await at.log.end()).toBe(end);
  });

  it('is only counted in a dry run', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a'), ...ran('b'));
    const end = await at.log.end();
    expect(await at.another().retain({ dryRun: true }, CALLER)).toMatchObject([{ removed: 2, archives: [] }]);
    expect(await at.log.end()).toBe(end);
  });

  it('is removed without an archive where the definition says so', async () => {
    const at = await openRetaining();
    at.kept.set('ship_order', { after: 1, archives: false });
    await at.happen(...ran('a'));
    expect(await at.retain()).toMatchObject({ removed: 1, archives: [] });
    expect((await at.log.read('execution-a')).at(-1)?.facts).toEqual({
      workflow: 'ship_order',
      status: 'completed',
      endedAt: 2,
    });
  });

  it('is removed in batches', async () => {
    const at = await openRetaining();
    await at.happen(
      ...Array.from({ length: 501 }, (_, n) => ran(`e${String(n).padStart(3, '0')}`, n)).flat(),
    );
    const outcome = await at.retain();
    expect(outcome).toMatchObject({ removed: 501, left: 0 });
    expect(await at.shown()).toEqual([]);
    const archives = await Promise.all((outcome?.archives ?? []).map(({ name }) => at.archive(name)));
    expect(archives.map(({ streams, problems, head }) => [head?.batch, streams, problems])).toEqual([
      [1, 500, []],
      [2, 1, []],
    ]);
  });

  it('is archived with what somebody was told of it', async () => {
    const at = await openRetaining();
    await at.happen(
      ...ran('a'),
      happened('notification-n1', 2, s.notificationRequested('a')),
      happened('notification-n1', 3, s.notificationSent('a', 1)),
    );
    const outcome = await at.retain();
    expect(await at.archive(outcome?.archives[0]?.name ?? '')).toMatchObject({
      streams: 2,
      events: 6,
      problems: [],
    });
    expect(await at.readModels.find(await at.collections.of('notifications'), { limit: 9 })).toEqual([]);
  });
});

describe('what stays', () => {
  it('is what goes on, and what somebody has retried', async () => {
    const at = await openRetaining();
    await at.happen(
      happened('execution-runs', 1, s.started()),
      happened('execution-retried', 1, s.started(), s.failed(1, 1), s.retried('pay')),
      ...ran('over'),
    );
    expect(await at.retain()).toMatchObject({ removed: 1 });
    expect(await at.shown()).toEqual(['retried', 'runs']);
  });

  it('is a child whose parent goes on, and a parent of which a child does', async () => {
    const at = await openRetaining();
    await at.happen(
      happened('execution-parent', 1, s.started()),
      happened('execution-child', 2, childOf('parent'), s.completed(2, 1)),
      ...ran('left'),
      happened('execution-left-child', 2, childOf('left')),
      ...ran('whole'),
      happened('execution-whole-child', 2, childOf('whole'), s.completed(2, 1)),
    );
    expect(await at.retain()).toMatchObject({ removed: 2 });
    expect(await at.shown()).toEqual(['child', 'left', 'left-child', 'parent']);
    await at.happen(happened('execution-parent', 3, s.completed(1, 2)));
    expect(await at.retain()).toMatchObject({ removed: 2 });
    expect(await at.shown()).toEqual(['left', 'left-child']);
  });

  it('is that of which somebody is still to be told', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a'), happened('notification-n1', 2, s.notificationRequested('a')), ...ran('b'));
    expect(await at.retain()).toMatchObject({ removed: 1 });
    expect(await at.shown()).toEqual(['a']);
  });

  it('is what a view has not come to that is stopped', async () => {
    const at = await openRetaining([tally({ refuses: ({ stream }) => stream === 'execution-b' })]);
    await at.happen(...ran('a'));
    await at.happen(...ran('b'));
    await settled(at.projector, ({ name, state }) => name !== 'tally' || state === 'stopped');
    expect(await at.retain()).toMatchObject({ removed: 1 });
    expect(await at.shown()).toEqual(['b']);
    expect(await at.retain()).toMatchObject({ removed: 0 });
  });

  it('is what a recorder has not come to', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a'));
    const recorder = {
      name: 'slow',
      from: 'start',
      record: async () => undefined,
      close: async () => undefined,
    } as const;
    const floor = retentionFloor(at, at.projector, [recorder]);
    expect(await at.retain({ floor })).toMatchObject({ removed: 0 });
    expect(await at.shown()).toEqual(['a']);
  });

  it('is that to which something happens between the choice and the removal', async () => {
    const at = await openRetaining();
    await at.happen(happened('execution-a', 1, s.started(), s.failed(1, 1)), ...ran('b'));
    const archives = {
      ...at.archives,
      write: async (...given: Parameters<typeof at.archives.write>) => {
        const stored = await at.archives.write(...given);
        await at.happen(happened('execution-a', 9, s.retried('pay')));
        return stored;
      },
    };
    expect(await at.retain({ archives })).toMatchObject({ removed: 1, left: 1 });
    expect(await at.shown()).toEqual(['a']);
    expect(await at.types('a')).not.toContain('execution.removed');
  });
});

describe('what is asked for', () => {
  it.each([
    [{ workflow: 'nobody' }, 'WORKFLOW_NOT_FOUND'],
    [{ workflow: 'refund' }, 'NO_RETENTION'],
    [{ before: NOW + 1 }, 'BAD_USER_INPUT'],
  ])('is refused: %j', async (what, code) => {
    const at = await openRetaining();
    await expect(at.another().retain({ ...what, dryRun: false }, CALLER)).rejects.toMatchObject({ code });
  });

  it('may be a workflow that does not say how long, with a time', async () => {
    const at = await openRetaining();
    await at.happen(happened('execution-r', 1, s.started('refund')));
    const [outcome] = await at.another().retain({ workflow: 'refund', before: NOW, dryRun: false }, CALLER);
    expect(outcome).toMatchObject({ workflow: 'refund', removed: 0 });
  });

  it('is told afterwards', async () => {
    const at = await openRetaining();
    await at.happen(...ran('a'));
    const outcome = await at.retain();
    expect(await at.another().status()).toEqual([
      {
        workflow: 'ship_order',
        after: 1_000,
        archives: true,
        openSince: null,
        endedAt: NOW,
        removed: 1,
        truncated: 0,
        archived: [{ ...outcome?.archives[0], executions: 1, from: 2, to: 2, archivedAt: NOW }],
      },
    ]);
  });
});

describe('by itself', () => {
  it('looks each time that so long has passed, and not before', async () => {
    const at = await openRetaining();
    const retainer = at.another({ every: 60_000 });
    await at.happen(...ran('a'));
    retainer.begin();
    at.clock.advance(59_999);
    expect(await at.types('a')).not.toContain('execution.removed');
    at.clock.advance(1);
    await expect.poll(() => at.types('a')).toContain('execution.removed');
    await at.clock.armed(NOW + 120_000);
    await at.happen(...ran('b', 5));
    at.clock.advance(60_000);
    await expect.poll(() => at.types('b')).toContain('execution.removed');
    await retainer.close();
  });

  it('leaves what is another node’s', async () => {
    const at = await openRetaining();
    const owned = { owns: () => false, holds: () => false, takes: () => false, whenHeld: async () => false };
    const retainer = at.another({ every: 60_000, owned });
    await at.happen(...ran('a'));
    retainer.begin();
    at.clock.advance(60_000);
    await at.clock.armed(NOW + 120_000);
    await retainer.close();
    expect(await at.types('a')).not.toContain('execution.removed');
  });
});
