import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadExecution } from '../../../src/commands/load-execution.ts';
import { openRunner } from '../../projections/runner.ts';
import * as s from '../../projections/samples.ts';
import { liveDocuments } from '../../projections/stores.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { CALLER } from '../../spec/engine.ts';
import { inBrief, openTruncating, wholeOf } from './truncating.ts';
import { ran } from './retaining.ts';

const IDS = ['a', 'b', 'c', 'e'];

describe('streams of what was removed', () => {
  it('are given up when that is asked for, and begin with the removal', async () => {
    const at = await openTruncating();
    expect(await at.truncate()).toEqual([{ workflow: 'ship_order', truncated: 4, left: 0, events: 18 }]);
    expect(await at.left([...IDS, 'd'])).toEqual({
      a: ['4 execution.removed', '5 execution.condensed'],
      b: ['4 execution.removed', '5 execution.condensed'],
      c: ['6 execution.removed', '7 execution.condensed'],
      e: ['4 execution.removed', '5 execution.condensed'],
      d: expect.arrayContaining(['0 execution.started']),
    });
    const [status] = await at.another().status();
    expect(status).toMatchObject({ workflow: 'ship_order', removed: 4, truncated: 4 });
  });

  it('are as good as there for all views, live and folded anew', async () => {
    const at = await openTruncating();
    const before = await at.views();
    const whole = inBrief(await wholeOf(at.log));
    await at.truncate();
    const { audited, ...views } = await at.views();
    const { audited: audit, ...live } = before;
    expect(views).toEqual(live);
    expect(audited).toMatchObject(audit ?? {});
    expect(inBrief(await wholeOf(at.log)).slice(0, whole.length)).toEqual(whole);
    expect(await at.differing()).toEqual([]);
    expect(await at.views()).toEqual({ ...views, audited });
  });

  it('are as good as there for views that begin with nothing, live', async () => {
    const at = await openTruncating();
    await at.truncate();
    const other = await openRunner();
    const projector = other.start({ log: at.log, projections: PROJECTIONS });
    const names = PROJECTIONS.map(({ name }) => name);
    await projector.waitFor(await at.log.end(), names, 30_000);
    expect(await liveDocuments(other.readModels)).toEqual(await liveDocuments(at.readModels));
  });

  it('are only counted in a dry run', async () => {
    const at = await openTruncating();
    const end = await at.log.end();
    expect(await at.truncate({}, { dryRun: true })).toEqual([
      { workflow: 'ship_order', truncated: 4, left: 0, events: 18 },
    ]);
    expect(await at.log.end()).toBe(end);
  });

  it('are given up once', async () => {
    const at = await openTruncating();
    await at.truncate();
    const end = await at.log.end();
    expect(await at.truncate()).toEqual([{ workflow: 'ship_order', truncated: 0, left: 0, events: 0 }]);
    expect(await at.another().truncate({ dryRun: false }, CALLER)).toEqual([]);
    expect(await at.log.end()).toBe(end);
  });

  it('stay of what is back, until that is removed again', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    await at.another().bringBack(name, CALLER);
    await at.caughtUp();
    const before = await at.views();
    expect(await at.truncate()).toMatchObject([{ truncated: 0, left: 4 }]);
    expect((await at.left(['a']))['a']).toHaveLength(6);
    expect(await at.views()).toMatchObject(before);
    at.clock.advance(1_001);
    await at.retain();
    expect(await at.truncate()).toMatchObject([{ truncated: 4, left: 0 }]);
    expect((await at.left(['a']))['a']).toEqual(['6 execution.removed', '7 execution.condensed']);
    expect(await at.differing()).toEqual([]);
  });

  it('are not left of what came back and was removed again, and are left once of what came back twice', async () => {
    const at = await openTruncating();
    const bringBack = async (batch: number): Promise<void> => {
      const { name } = (await at.another().status())[0]?.archived[batch] ?? { name: '' };
      await at.another().bringBack(name, CALLER);
      await at.caughtUp();
      at.clock.advance(1_001);
    };
    await bringBack(0);
    await at.retain();
    const again = [{ workflow: 'ship_order', truncated: 4, left: 0, events: 26 }];
    expect(await at.truncate({}, { dryRun: true })).toEqual(again);
    await bringBack(1);
    const back = [{ workflow: 'ship_order', truncated: 0, left: 4, events: 0 }];
    expect(await at.truncate({}, { dryRun: true })).toEqual(back);
    await at.retain();
    expect(await at.truncate()).toMatchObject([{ truncated: 4, left: 0 }]);
    expect((await at.another().status())[0]).toMatchObject({ removed: 12, truncated: 4 });
  });

  it('are as good as there also of what came back, and went on, before it was removed again', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    await at.another().bringBack(name, CALLER);
    await at.happenNext('execution-e', s.retried('pay'));
    await at.happenNext('execution-e', s.stepStarted('pay', 2));
    await at.happenNext('execution-e', s.stepCompleted('pay', 1, 2));
    await at.happenNext('execution-e', s.completed(8, 2));
    at.clock.advance(1_001);
    await at.retain();
    expect(await at.truncate()).toMatchObject([{ truncated: 4, left: 0 }]);
    expect(await at.differing()).toEqual([]);
    expect(await at.shown()).toEqual(['d']);
  });

  it('stay of what ended later than is meant, with all that was removed behind it', async () => {
    const at = await openTruncating();
    await at.happen(...ran('x', 20));
    await at.retain();
    expect(await at.truncate({}, { before: 100 })).toMatchObject([{ truncated: 0 }]);
    expect(await at.truncate({}, { before: 900_000 })).toMatchObject([{ truncated: 5 }]);
    await expect(at.truncate({}, { before: 2_000_000 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('stay where their archive is not whole', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    await rm(join(at.folder, name));
    const end = await at.log.end();
    await expect(at.truncate()).rejects.toMatchObject({ code: 'ARCHIVE_NOT_FOUND' });
    expect(await at.log.end()).toBe(end);
  });

  it('are given up without an archive where the definition wants none', async () => {
    const at = await openTruncating();
    at.kept.set('refund', { after: 1_000, archives: false });
    await at.retain({}, 'refund');
    const outcome = await at.another().truncate({ workflow: 'refund', dryRun: false }, CALLER);
    expect(outcome).toMatchObject([{ workflow: 'refund', truncated: 1 }]);
  });

  it('cannot be brought back either from an archive of before they came back once', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    await at.another().bringBack(name, CALLER);
    await at.caughtUp();
    at.clock.advance(86_400_000);
    await at.retain();
    await at.truncate();
    await expect(at.another().bringBack(name, CALLER)).rejects.toMatchObject({ code: 'EXECUTION_TRUNCATED' });
  });

  it('cannot be brought back, and nothing of their archive is', async () => {
    const at = await openTruncating();
    const [{ name } = { name: '' }] = (await at.another().status())[0]?.archived ?? [];
    await at.truncate();
    const end = await at.log.end();
    await expect(at.another().bringBack(name, CALLER)).rejects.toMatchObject({
      code: 'EXECUTION_TRUNCATED',
      details: { field: 'archive', conflicts: 4 },
    });
    expect(await at.log.end()).toBe(end);
    expect(await at.archive(name)).toMatchObject({ problems: [] });
  });

  it('are those of executions that were removed, to whoever asks for one', async () => {
    const at = await openTruncating();
    const load = () => loadExecution(at.log, async () => ({}) as never, 'c');
    const before = await load();
    await at.truncate();
    const after = await load();
    expect(after?.state).toMatchObject({ removed: true, status: 'completed', workflow: 'ship_order' });
    expect(before?.state).toMatchObject({ removed: true, status: 'completed', workflow: 'ship_order' });
    expect(after?.tenant).toBe(before?.tenant);
    expect(after?.head.revision).toBe(7);
  });
});
