import { describe, expect, it } from 'vitest';
import { LogCorrupt, type EventLog } from '../../src/ports/event-log.ts';
import { openRunner } from './runner.ts';
import { settled } from './settled.ts';
import { runs, tally, tallyOf } from './tally.ts';

const PATIENT = 30_000;

describe('a log that cannot be read on', () => {
  it('stops all projections, and those that are rebuilt follow it again', async () => {
    const runner = await openRunner();
    const position = await runner.happen(runs(3));
    let broken = 1;
    const log: EventLog = {
      ...runner.log,
      async *subscribe(options) {
        for await (const batch of runner.log.subscribe(options)) {
          if (batch.position >= position && broken > 0) {
            broken -= 1;
            throw new LogCorrupt('Expected a commit, but found none.');
          }
          yield batch;
        }
      },
    };
    const projections = [tally(), tally({ name: 'other' })];
    const projector = runner.start({ log, projections });
    await settled(projector, ({ state }) => state === 'stopped');
    await projector.rebuild('tally');
    await projector.waitFor(await runner.happen(runs(5)), ['tally'], PATIENT);
    expect(await runner.documents('tally_2')).toEqual({ ship_order: tallyOf(5) });
    await settled(projector, ({ name, state }) => state === (name === 'tally' ? 'running' : 'stopped'));
  });
});
