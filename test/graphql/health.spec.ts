import { ServiceUnavailableException } from '@nestjs/common';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { HealthController, type Readiness } from '../../src/graphql/health.controller.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import type { ReadModels } from '../../src/ports/read-models.ts';
import type { ThreadStatus } from '../../src/ports/threads.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import type { Projector } from '../../src/projections/projector.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { openStores } from '../projections/stores.ts';
import { handClock } from '../spec/clock.ts';

interface Faults {
  readonly log?: Partial<EventLog>;
  readonly readModels?: Partial<ReadModels>;
  readonly projector?: (projector: Projector) => Partial<Projector>;
  readonly started?: boolean;
  readonly knowsKeys?: boolean;
  readonly threads?: readonly ThreadStatus[];
}

/** Asks about real stores, some of whose calls go wrong. */
const opened = async ({ log = {}, readModels = {}, projector: fault, ...is }: Faults = {}) => {
  const { started = true, knowsKeys = true, threads = [] } = is;
  const stores = await openStores();
  const projector = startProjector({ ...stores, projections: PROJECTIONS, clock: systemClock() });
  onTestFinished(async () => {
    await projector.stop();
    await stores.close();
  });
  const clock = handClock();
  const health = new HealthController(
    { ...stores.log, ...log },
    { ...stores.readModels, ...readModels },
    { ...projector, ...fault?.(projector) },
    clock,
    {
      imports: [],
      development: false,
      started: () => started,
      knowsKeys: () => knowsKeys,
      threads: () => threads,
    },
  );
  const refusal = async (): Promise<Readiness['parts']> => {
    const error: unknown = await health.readyz().catch((thrown: unknown) => thrown);
    if (!(error instanceof ServiceUnavailableException))
      throw new Error('Expected a refusal.', { cause: error });
    expect(error.getStatus()).toBe(503);
    return (error.getResponse() as Readiness).parts;
  };
  return { health, clock, refusal };
};

const OK = { ok: true };
const bad = (problem: string) => ({ ok: false, problem });

describe('readiness', () => {
  it('is given when every part answers, and leaves no timer', async () => {
    const { health, clock } = await opened();
    expect(await health.readyz()).toEqual({
      ready: true,
      parts: { start: OK, keys: OK, log: OK, readModels: OK, projections: OK, threads: OK },
    });
    expect(clock.due).toEqual([]);
  });

  it('is refused while the server starts', async () => {
    const { health, refusal } = await opened({ started: false });
    expect(await refusal()).toEqual({
      start: bad('the server is still starting'),
      keys: OK,
      log: OK,
      readModels: OK,
      projections: OK,
      threads: OK,
    });
    expect(health.healthz()).toEqual({ status: 'ok' });
  });

  it('is refused while it is not known which keys were revoked', async () => {
    const { refusal } = await opened({ knowsKeys: false });
    expect(await refusal()).toMatchObject({
      start: OK,
      keys: bad('the log cannot be followed, so no keys are taken'),
      log: OK,
    });
  });

  it('is refused while a thread that has ended does not work again', async () => {
    const failure = new Error('it was ended');
    const { refusal } = await opened({
      threads: [
        { name: 'projector', ends: 2, failure },
        { name: 'journal_copier', ends: 1, failure: undefined },
        { name: 'log_writer', ends: 1, failure },
      ],
    });
    expect(await refusal()).toMatchObject({
      log: OK,
      projections: OK,
      threads: bad(
        'projector has ended, and is started again: it was ended; log_writer has ended, and is started again: it was ended',
      ),
    });
  });

  it('is given when threads that had ended work again', async () => {
    const { health } = await opened({ threads: [{ name: 'projector', ends: 2, failure: undefined }] });
    expect(await health.readyz()).toMatchObject({ ready: true });
  });

  it('is refused with what is away', async () => {
    const { refusal } = await opened({
      log: { ping: () => Promise.reject(new Error('no log')) },
      readModels: { ping: () => Promise.reject(new Error('no views')) },
    });
    expect(await refusal()).toMatchObject({
      log: bad('no log'),
      readModels: bad('no views'),
      projections: OK,
    });
  });

  it('is refused by what does not answer in time', async () => {
    const { clock, refusal } = await opened({ log: { ping: () => new Promise(() => undefined) } });
    const refused = refusal();
    // The others have answered.
    await expect.poll(() => clock.due).toEqual([clock.now() + 2_000]);
    clock.advance(2_000);
    expect(await refused).toMatchObject({ log: bad('no answer within 2000 ms'), readModels: OK });
  });

  it.each([
    [
      'stopped',
      { state: 'stopped', lastError: { message: 'a bad event' } },
      'active is stopped: a bad event',
    ],
    ['waiting', { state: 'waiting', lastError: null }, 'active is waiting: no reason known'],
    ['behind', { lagSeconds: 61.4 }, 'active is 61 s behind'],
  ])('is refused while a projection is %s', async (_, change, problem) => {
    const { refusal } = await opened({
      projector: (projector) => ({
        status: async () =>
          (await projector.status()).map((status) =>
            status.name === 'active' ? ({ ...status, ...change } as typeof status) : status,
          ),
      }),
    });
    expect(await refusal()).toMatchObject({ log: OK, projections: bad(problem) });
  });
});
