import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { OWNS_ALL, type Owned } from '../../../src/engine/owned.ts';
import { feedRecorder } from '../../../src/engine/recorders/feed-recorder.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { Recorder } from '../../../src/ports/recorder.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemIds } from '../../../src/adapters/system/ids.ts';
import { keepingLogger } from '../../graphql/keeping-logger.ts';
import { appendAll } from '../../projections/stores.ts';
import * as s from '../../projections/samples.ts';
import { happened, sealAll } from '../../spec/given.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import type { StreamHead } from '../../../src/domain/chain.ts';

/** Takes what it is given unless it is told to refuse; what it takes can be waited for. */
const keeping = (name: string, from: Recorder['from'] = 'start') => {
  const taken: RecordedEvent[] = [];
  const waiting: (() => void)[] = [];
  const state = { refuses: 0, calls: 0 };
  const recorder: Recorder = {
    name,
    from,
    record: (events) => {
      state.calls += 1;
      for (const wake of waiting.splice(0)) wake();
      if (state.refuses > 0) {
        state.refuses -= 1;
        return Promise.reject(new Error('Not now.'));
      }
      taken.push(...events);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { recorder, taken, state, until, types: () => taken.map(({ type }) => type) };
};

const open = async () => {
  const log = await temporaryLog();
  const heads = new Map<string, StreamHead>();
  const logger = keepingLogger();
  const [clock, ids] = [systemClock(), systemIds()];
  const parts = { log, logger, world: { clock, ids }, envelopes: createEnvelopes('a-node', ids) };
  return {
    ...parts,
    happen: (...events: Parameters<typeof happened>[2][]) =>
      appendAll(log, sealAll([happened('execution-a', 1_000, ...events)], heads)),
    feed: (recorder: Recorder, owned: Owned = OWNS_ALL) => {
      const feeding = feedRecorder({ ...parts, owned }, recorder);
      onTestFinished(() => feeding.close());
      return feeding;
    },
  };
};

const checkpointOf = async (log: EventLog, name: string) => {
  const head = await log.head(`recorder-${name}`);
  const [last] = head === undefined ? [] : await log.read(`recorder-${name}`, { from: head.revision });
  return last?.facts['position'];
};

describe('a recorder', () => {
  it('is given every event that is durable, in order, and nothing that nodes keep for themselves', async () => {
    const { happen, feed, log } = await open();
    await happen(s.started(), s.stepStarted('pay'));
    const { recorder, types, until, taken } = keeping('all');
    feed(recorder);
    await until(() => taken.length === 2);
    await happen(s.stepCompleted('pay', 5));
    await until(() => taken.length === 3);
    expect(types()).toEqual(['execution.started', 'step.started', 'step.completed']);
    expect((await log.read('execution-a')).map(({ position }) => position)).toEqual(
      taken.map(({ position }) => position),
    );
  });

  it('goes on where it was, which is in the log', async () => {
    const { happen, feed, log } = await open();
    await happen(s.started());
    const first = keeping('all');
    const feeding = feed(first.recorder);
    await first.until(() => first.taken.length === 1);
    await feeding.close();
    const stored = BigInt((await checkpointOf(log, 'all')) as string);
    expect(stored).toBeGreaterThanOrEqual(first.taken[0]?.position ?? 0n);
    const end = await happen(s.stepStarted('pay'));
    expect(stored).toBeLessThan(end);
    const second = keeping('all');
    feed(second.recorder);
    await second.until(() => second.taken.length === 1);
    expect(second.types()).toEqual(['step.started']);
    expect(second.taken[0]?.position).toBe(end);
  });

  it('may begin with what comes from now on', async () => {
    const { happen, feed, log } = await open();
    await happen(s.started());
    const { recorder, types, until, taken } = keeping('new', 'now');
    feed(recorder);
    while ((await checkpointOf(log, 'new')) === undefined) await setImmediate();
    await happen(s.stepStarted('pay'));
    await until(() => taken.length === 1);
    expect(types()).toEqual(['step.started']);
  });

  it('that fails is given the same again, and holds up no other', async () => {
    const { happen, feed, logger } = await open();
    const [bad, good] = [keeping('bad'), keeping('good')];
    bad.state.refuses = Infinity;
    feed(bad.recorder);
    feed(good.recorder);
    await happen(s.started());
    await bad.until(() => bad.state.calls === 2);
    await good.until(() => good.taken.length === 1);
    await happen(s.stepStarted('pay'));
    await good.until(() => good.taken.length === 2);
    expect(bad.taken).toEqual([]);
    bad.state.refuses = 0;
    await bad.until(() => bad.taken.length === 2);
    expect(bad.types()).toEqual(['execution.started', 'step.started']);
    expect(JSON.stringify(logger.lines)).toContain('A recorder does not take events');
  });

  it('is fed by the node that it belongs to, from where the one before left off', async () => {
    const { happen, feed } = await open();
    await happen(s.started());
    const holder = { name: 'one' };
    const heldBy = (node: string): Owned => ({ ...OWNS_ALL, holds: () => holder.name === node });
    const [one, two] = [keeping('shared'), keeping('shared')];
    const first = feed(one.recorder, heldBy('one'));
    feed(two.recorder, heldBy('two'));
    await one.until(() => one.taken.length === 1);
    await first.close();
    holder.name = 'two';
    await happen(s.stepStarted('pay'));
    await two.until(() => two.taken.length === 1);
    expect([one.types(), two.types()]).toEqual([['execution.started'], ['step.started']]);
  });

  it('is given nothing by a node that it does not belong to', async () => {
    const { happen, feed } = await open();
    await happen(s.started());
    const [anothers, own] = [keeping('anothers'), keeping('own')];
    feed(anothers.recorder, { ...OWNS_ALL, holds: () => false });
    feed(own.recorder);
    await own.until(() => own.taken.length === 1);
    expect(anothers.state.calls).toBe(0);
  });
});
