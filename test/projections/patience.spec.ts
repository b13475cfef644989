import { describe, expect, it } from 'vitest';
import { LogUnavailable } from '../../src/ports/event-log.ts';
import { ReadModelsUnavailable } from '../../src/ports/read-models.ts';
import { createPatience, isOutage } from '../../src/projections/patience.ts';
import { handClock } from '../spec/clock.ts';

const outages = [new ReadModelsUnavailable('The store is away.'), new LogUnavailable('The log is away.')];

const begun = () => {
  const clock = handClock();
  const controller = new AbortController();
  return { clock, controller, patience: createPatience(clock, controller.signal) };
};

/** Fails so often, then answers. */
const failing = (times: number, error: Error) => {
  let calls = 0;
  return async (): Promise<string> => {
    calls += 1;
    if (calls <= times) throw error;
    return `answer ${calls}`;
  };
};

describe('patience', () => {
  it.each(outages)('takes $name for an outage', (error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([new Error('broken'), new TypeError('broken'), 'broken', undefined])(
    'does not take %s for one',
    (error) => {
      expect(isOutage(error)).toBe(false);
    },
  );

  it('tells nothing of work that is done at once', async () => {
    const { patience, clock } = begun();
    const told: unknown[] = [];
    expect(await patience.retry(failing(0, outages[0]!), (outage) => void told.push(outage))).toBe(
      'answer 1',
    );
    expect(told).toEqual([]);
    expect(clock.due).toEqual([]);
  });

  it.each(outages)(
    'does work again after $name, later each time, and tells of the end of it',
    async (error) => {
      const { patience, clock } = begun();
      const told: unknown[] = [];
      const answer = patience.retry(failing(8, error), (outage) => void told.push(outage));
      for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
        await clock.armed(clock.now() + pause);
        expect(told.at(-1)).toBe(error);
        clock.advance(pause);
      }
      expect(await answer).toBe('answer 9');
      expect(told).toEqual([...Array.from({ length: 8 }, () => error), undefined]);
      expect(clock.due).toEqual([]);
    },
  );

  it('rejects with any other error, untold', async () => {
    const { patience } = begun();
    const error = new Error('broken');
    const told: unknown[] = [];
    await expect(patience.retry(failing(1, error), (outage) => void told.push(outage))).rejects.toBe(error);
    expect(told).toEqual([]);
  });

  it('ends while it pauses when the projector is stopped', async () => {
    const { patience, clock, controller } = begun();
    const answer = patience.retry(failing(9, outages[0]!), () => undefined);
    await clock.armed(clock.now() + 100);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(clock.due).toEqual([]);
    expect(patience.ended()).toBe(true);
  });

  it('does nothing for a projector that was stopped', async () => {
    const { patience, controller } = begun();
    expect(patience.ended()).toBe(false);
    controller.abort();
    let calls = 0;
    const work = async () => void (calls += 1);
    await expect(patience.retry(work, () => undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(calls).toBe(0);
    await expect(patience.pause(9)).resolves.toBeUndefined();
  });
});
