import { expect, it } from 'vitest';
import type { EventLog } from '../../src/ports/event-log.ts';
import { handClock } from '../spec/clock.ts';
import { openRunner } from './runner.ts';
import { runs, tallyOf } from './tally.ts';

const PATIENT = 30_000;

it('asks a log that comes with what it was not asked for again, later each time, until that goes on', async () => {
  const runner = await openRunner();
  const first = runner.start();
  await first.waitFor(await runner.happen(runs(3)), ['tally'], PATIENT);
  await first.stop();
  const clock = handClock();
  const asked: bigint[] = [];
  const pauses = [100, 200, 400];
  const log: EventLog = {
    ...runner.log,
    subscribe: (options) => {
      asked.push(options.after);
      const after = asked.length > pauses.length ? options.after : 0n;
      return runner.log.subscribe({ ...options, after });
    },
  };
  const projector = runner.start({ log, clock, batch: 2 });
  for (const pause of pauses) {
    await clock.armed(clock.now() + pause);
    const message = 'Expected the log to go on behind 6, but it came to 2.';
    expect(await projector.status()).toMatchObject([{ state: 'waiting', lastError: { message } }]);
    clock.advance(pause);
  }
  await projector.waitFor(await runner.happen(runs(4)), ['tally'], PATIENT);
  expect(asked).toEqual([6n, 6n, 6n, 6n]);
  expect(await runner.documents('tally_1')).toEqual({ ship_order: tallyOf(4) });
});
