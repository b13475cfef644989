import { describe, expect, it } from 'vitest';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import { happened } from '../spec/given.ts';
import { heard, openRunner, watched } from './runner.ts';
import { queued, started } from './samples.ts';
import { share } from './share.ts';

const history = (many: number) =>
  Array.from({ length: many }, (_, n) => happened(`execution-${n}`, 0, started()));

describe('projectors that share their views', () => {
  it('fold on one node, and all know how far they are', async () => {
    const runner = await openRunner();
    const [a, b] = [share(runner, 'a'), share(runner, 'a')];
    const news = heard(b.projector);
    a.hold(true);
    const end = await runner.happen(history(3));
    await Promise.all([a, b].map(({ projector }) => projector.waitFor(end, ['tally'], 20_000)));
    for (const { projector } of [a, b]) {
      expect(await projector.status()).toMatchObject([{ name: 'tally', position: end, state: 'running' }]);
    }
    expect([a.views.length, b.views.length]).toEqual([1, 0]);
    expect(news.at(-1)).toEqual({
      name: 'tally',
      version: 1,
      generation: 1,
      position: end,
      state: 'running',
      changed: undefined,
    });
  });

  it('tell the others also of what changes no document', async () => {
    const runner = await openRunner();
    const [a, b] = [share(runner, 'a'), share(runner, 'a')];
    a.hold(true);
    await a.projector.waitFor(await runner.happen(history(2)), ['tally'], 20_000);
    const end = await runner.happen([...history(2), happened('execution-0', 1, queued('pay'))]);
    await b.projector.waitFor(end, ['tally'], 20_000);
    expect((await runner.record('tally'))?.position).toBe(end);
  });

  it('go on where the other was when the lease changes hands, who waits meanwhile with them', async () => {
    const runner = await openRunner();
    const [a, b] = [share(runner, 'a'), share(runner, 'a')];
    a.hold(true);
    await a.projector.waitFor(await runner.happen(history(3)), ['tally'], 20_000);
    a.hold(false);
    const end = await runner.happen(history(5));
    const waited = [a, b].map(({ projector }) => projector.waitFor(end, ['tally'], 20_000));
    b.hold(true);
    await Promise.all(waited);
    expect((await runner.record('tally'))?.position).toBe(end);
    expect([a.views.length, b.views.length]).toEqual([1, 1]);
  });

  it('begin anew when the lease was lost in between, however shortly', async () => {
    const runner = await openRunner();
    const [a, b] = [share(runner, 'a'), share(runner, 'b')];
    a.hold(true);
    await a.projector.waitFor(await runner.happen(history(2)), ['tally'], 20_000);
    a.hold(false);
    a.hold(true);
    await expect.poll(() => a.views.length).toBe(2);
    const end = await runner.happen(history(4));
    await b.projector.waitFor(end, ['tally'], 20_000);
  });

  it('write nothing once the lease may be over, and go on when it was renewed', async () => {
    const runner = await openRunner();
    const a = share(runner, 'a');
    a.hold(true);
    const before = await runner.happen(history(2));
    await a.projector.waitFor(before, ['tally'], 20_000);
    a.lapse();
    const end = await runner.happen(history(4));
    await expect.poll(async () => (await a.projector.status())[0]?.state).toBe('waiting');
    expect((await runner.record('tally'))?.position).toBe(before);
    for (const write of [
      () => a.views[0]?.write('tally_1', []),
      () => a.views[0]?.drop('tally_1'),
      () => a.views[0]?.prepare('tally_1', []),
      () => a.views[0]?.saveProjection({ name: 'tally', version: 1, generation: 1, position: 0n }),
    ])
      await expect(write()).rejects.toBeInstanceOf(ReadModelsUnavailable);
    a.hold(true);
    await a.projector.waitFor(end, ['tally'], 20_000);
  });

  it('rebuild on the node that folds, which the others name', async () => {
    const runner = await openRunner();
    const [a, b] = [share(runner, 'a'), share(runner, 'a')];
    a.hold(true);
    const end = await runner.happen(history(3));
    await b.projector.waitFor(end, ['tally'], 20_000);
    await expect(b.projector.rebuild('tally')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Expected this node to fold the views, but "a" does.',
    });
    expect(await a.projector.rebuild('tally')).toMatchObject({ generation: 2 });
    await expect.poll(async () => (await b.projector.status())[0]?.generation).toBe(2);
  });

  it('look again after any error, and show it meanwhile', async () => {
    const runner = await openRunner();
    const a = share(runner, 'a');
    a.hold(true);
    let broken = true;
    const projections = async () => {
      if (broken) throw new TypeError('Expected records, but found something else.');
      return runner.readModels.projections();
    };
    const b = share({ log: runner.log, readModels: { ...runner.readModels, projections } }, 'b');
    await expect
      .poll(async () => (await b.projector.status())[0])
      .toMatchObject({
        state: 'waiting',
        lastError: { message: 'Expected records, but found something else.' },
      });
    broken = false;
    await b.projector.waitFor(await runner.happen(history(3)), ['tally'], 20_000);
    expect((await b.projector.status())[0]).toMatchObject({ state: 'running', lastError: null });
  });

  it('say what is wrong with the log, whatever it is', async () => {
    const runner = await openRunner();
    const end = () => Promise.reject(new TypeError('Expected an end, but found something else.'));
    const b = share({ log: { ...runner.log, end }, readModels: runner.readModels }, 'b');
    expect(await b.projector.status()).toMatchObject([
      {
        state: 'waiting',
        lagEvents: null,
        lastError: { message: 'Expected an end, but found something else.' },
      },
    ]);
  });

  it('take nothing back with a checkpoint that comes late, when another has folded on', async () => {
    const runner = await openRunner();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const late: Promise<void>[] = [];
    let holds = false;
    const held = watched(runner.readModels, async (method) => {
      if (method !== 'saveProjection' || !holds) return;
      late.push(released);
      await released;
    });
    const a = share({ log: runner.log, readModels: held }, 'a');
    const b = share(runner, 'b');
    a.hold(true);
    await a.projector.waitFor(await runner.happen(history(2)), ['tally'], 20_000);
    holds = true;
    await runner.happen(history(3));
    await expect.poll(() => late.length).toBe(1);
    a.lapse();
    b.hold(true);
    await expect.poll(() => b.views.length).toBe(1);
    await b.projector.rebuild('tally');
    const end = await runner.happen(history(5));
    await b.projector.waitFor(end, ['tally'], 20_000);
    const before = await runner.record('tally');
    release();
    a.hold(false);
    await a.projector.waitFor(end, ['tally'], 20_000);
    await a.projector.stop();
    expect(await runner.record('tally')).toEqual(before);
    expect(before).toMatchObject({ generation: 2, position: end });
  });

  it('know no other names, and give up after a while', async () => {
    const runner = await openRunner();
    const { projector } = share(runner, 'a');
    await expect(projector.waitFor(1n, ['none'], 1_000)).rejects.toMatchObject({
      code: 'PROJECTION_NOT_FOUND',
    });
    await expect(projector.rebuild('none')).rejects.toMatchObject({ code: 'PROJECTION_NOT_FOUND' });
    await expect(projector.waitFor(1n, ['tally'], 10)).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: 'Expected the views to reach position 1 within 10 ms, but "tally" stands at 0.',
      details: { field: 'waitFor', found: '1', timeout: 10, views: [{ name: 'tally', position: '0' }] },
    });
  });
});
