import { describe, expect, it } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { createVoices } from '../../../src/engine/ownership/voices.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock, type HandClock } from '../../spec/clock.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { LEASE } from './cluster.ts';

/** More than are read at a time. */
const MANY = 200;

const voiceOf = (log: EventLog, clock: HandClock, node: string, ahead = 0) => {
  const ids = countingIds(0.5, node.charCodeAt(0));
  const now = (): number => clock.now() + ahead;
  const voices = createVoices({
    log,
    world: { clock: { ...clock, now }, ids },
    envelopes: createEnvelopes(node, ids),
    self: { node, boot: ids.next() },
    count: 1,
    lasts: LEASE,
    elapsed: clock.now,
  });
  return { ...voices, speak: () => voices.say(now() + LEASE) };
};

describe('a node that listens for the first time', () => {
  it('hears everybody that may be there, also behind many others, whose clocks were set otherwise', async () => {
    const [log, clock] = [await temporaryLog(), handClock()];
    const early = voiceOf(log, clock, 'e', 3_600_000);
    const often = voiceOf(log, clock, 'o', -3_600_000);
    expect(await early.speak()).toBe(true);
    await often.listen();
    for (let spoken = 0; spoken < MANY; spoken += 1) await often.speak();
    const late = voiceOf(log, clock, 'l');
    await late.listen();
    expect([...late.heard()].sort()).toEqual(['e', 'o']);
    clock.advance(LEASE);
    expect(late.heard()).toEqual([]);
  });

  it('reads no further back than to what is over by the clock of who said it', async () => {
    const [log, clock] = [await temporaryLog(), handClock()];
    const often = voiceOf(log, clock, 'o', 3_600_000);
    for (let spoken = 0; spoken < MANY; spoken += 1) {
      await often.speak();
      clock.advance(LEASE / 3);
    }
    let read = 0;
    const counted: EventLog = {
      ...log,
      read: async (stream, options) => {
        const events = await log.read(stream, options);
        read += events.length;
        return events;
      },
    };
    const late = voiceOf(counted, clock, 'l');
    await late.listen();
    expect(late.heard()).toEqual(['o']);
    expect(read).toBeLessThan(MANY);
  });
});
