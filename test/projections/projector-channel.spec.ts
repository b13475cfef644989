import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Rejection } from '../../src/domain/rejection.ts';
import { remoteProjector, serveProjector } from '../../src/projections/projector-channel.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { RemoteFailure } from '../../src/projections/sent-failure.ts';
import { heard, openRunner, type Runner } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally, tallyOf, type TallyOptions } from './tally.ts';

const PATIENT = 30_000;

interface Served {
  readonly runner: Runner;
  /** The projector itself, and what is at the other end of the channel. */
  readonly local: Projector;
  readonly remote: Projector;
  /** Breaks the channel. */
  readonly hangUp: () => void;
}

const served = async (options: TallyOptions = {}): Promise<Served> => {
  const runner = await openRunner();
  const local = runner.start({ projections: [tally(options)] });
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  serveProjector(port2, local);
  return { runner, local, remote: remoteProjector(port1), hangUp: () => port2.close() };
};

describe('a projector at the other end of a channel', () => {
  it('waits, and says how it fares, as the projector itself does', async () => {
    const { runner, local, remote } = await served();
    const end = await runner.happen(runs(3));
    await remote.waitFor(end, ['tally'], PATIENT);
    expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(3) });
    await settled(remote, ({ state }) => state === 'running');
    const [status] = await remote.status();
    expect([{ ...status, rate: 0 }]).toEqual((await local.status()).map((one) => ({ ...one, rate: 0 })));
    expect(status?.position).toBe(6n);
  });

  it('tells of the same progress in the same order', async () => {
    const { runner, local, remote } = await served();
    const [here, there] = [heard(local), heard(remote)];
    for (const count of [1, 2, 3]) {
      await remote.waitFor(await runner.happen(runs(count)), ['tally'], PATIENT);
    }
    // An answer comes behind everything that was told before it.
    await remote.status();
    expect(there.slice(0, here.length)).toEqual(here);
    expect(there.map(({ changed }) => changed)).toContainEqual(['ship_order']);
  });

  it('is not heard by who let go', async () => {
    const { runner, remote } = await served();
    let told = 0;
    const letGo = remote.onProgress(() => (told += 1));
    await remote.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    await remote.status();
    const before = told;
    letGo();
    await remote.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
    await remote.status();
    expect([before > 0, told]).toEqual([true, before]);
  });

  it('rebuilds', async () => {
    const { runner, remote } = await served();
    await remote.waitFor(await runner.happen(runs(2)), ['tally'], PATIENT);
    expect(await remote.rebuild('tally')).toMatchObject({ generation: 2, events: 4, position: 4n });
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(2) });
  });

  it('carries out calls side by side', async () => {
    const { runner, remote } = await served();
    const waits = [1, 2, 3].map((count) => remote.waitFor(BigInt(2 * count), ['tally'], PATIENT));
    expect(await remote.status()).toHaveLength(1);
    await runner.happen(runs(3));
    expect(await Promise.all(waits)).toEqual([undefined, undefined, undefined]);
  });

  it('refuses with the same rejections', async () => {
    const { remote } = await served();
    const unknown: unknown = await remote.rebuild('nobody').catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(Rejection);
    expect(unknown).toMatchObject({
      code: 'PROJECTION_NOT_FOUND',
      message: 'Expected the name of a projection, but there is no "nobody".',
      details: { field: 'name', found: 'nobody', expected: ['tally'] },
    });
    const late: unknown = await remote.waitFor(1n, ['tally'], 0).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(Rejection);
    expect(late).toMatchObject({ code: 'WAIT_TIMEOUT', details: { timeout: 0 } });
  });

  it('fails with errors that keep their name, code and message', async () => {
    const { runner, local, remote } = await served({ refuses: ({ position }) => position === 2n });
    await runner.happen(runs(1));
    await settled(remote, ({ state }) => state === 'stopped');
    const here: unknown = await local.rebuild('tally').catch((error: unknown) => error);
    const there: unknown = await remote.rebuild('tally').catch((error: unknown) => error);
    expect(there).toBeInstanceOf(RemoteFailure);
    expect(there).toMatchObject({
      name: 'ProjectionFailure',
      code: 'PROJECTION_FAILED',
      message: (here as Error).message,
      stack: expect.stringContaining('execution-e0@1') as string,
    });
  });

  it('stops the projector, and is then stopped itself', async () => {
    const { runner, local, remote } = await served();
    await remote.waitFor(await runner.happen(runs(1)), ['tally'], PATIENT);
    await remote.stop();
    await expect(local.waitFor(9n, ['tally'], PATIENT)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    for (const call of [remote.status(), remote.rebuild('tally'), remote.waitFor(0n, [], 0)]) {
      await expect(call).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'Expected the projector to run, but it was stopped.',
      });
    }
    await expect(remote.stop()).resolves.toBeUndefined();
  });

  it('leaves nobody waiting when the channel breaks', async () => {
    const { remote, hangUp } = await served();
    const waiting = remote.waitFor(9n, ['tally'], PATIENT);
    await remote.status();
    hangUp();
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(remote.stop()).resolves.toBeUndefined();
  });
});
