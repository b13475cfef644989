import { describe, expect, it } from 'vitest';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import { OWNS_ALL, type Owned } from '../../../src/engine/owned.ts';
import { streamOf } from '../../../src/domain/stream.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { handClock } from '../../spec/clock.ts';
import { CALLER, historyOf, openEngine, seen, type EngineParts } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = `
workflow: paid
activities:
  - name: pay
    bulkhead: { max_concurrent: 1 }
`;

const openNodes = async () => {
  const log = await temporaryLog();
  const clock = handClock();
  const calls: PromiseWithResolvers<null>[] = [];
  const pay = () => {
    const call = Promise.withResolvers<null>();
    calls.push(call);
    return call.promise;
  };
  let nodes = 0;
  const open = (more: Partial<EngineParts> = {}) => {
    nodes += 1;
    return openEngine({ log, clock, ids: countingIds(0.5, nodes), activities: { pay }, ...more });
  };
  const until = (id: string, wanted: string) => seen(log, id, ({ type }) => type === wanted);
  const typesOf = async (id: string) => (await historyOf(log, id)).map(({ type }) => type);
  return { log, clock, calls, open, until, typesOf };
};

/** A log that tells once an event of a type was appended. */
const watched = (log: EventLog, wanted: string) => {
  const seen = Promise.withResolvers<void>();
  const append: EventLog['append'] = async (commit) => {
    const appended = await log.append(commit);
    if (commit.events.some(({ type }) => type === wanted)) seen.resolve();
    return appended;
  };
  return { log: { ...log, append }, seen: seen.promise };
};

describe('a place at a limit', () => {
  it('lets nobody in who has given it back meanwhile, though he asks anew for the same attempt', async () => {
    const { log, calls, open, until, typesOf } = await openNodes();
    const lease = { lost: '' };
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<boolean>();
    const owned: Owned = {
      ...OWNS_ALL,
      holds: (id) => id !== lease.lost,
      whenHeld: () => {
        asked.resolve();
        return held.promise;
      },
    };
    const released = watched(log, 'limiter.released');
    const node = open({ owned, log: released.log });
    // It has its place, and its node does not know for sure whether it may begin.
    lease.lost = 'e1';
    await node.start(YAML, null, 'e1');
    await asked.promise;
    await node.engine.executions.handle('e1', { type: 'pause', reason: 'a while' }, CALLER);
    await released.seen;
    const { id: other } = await node.start(YAML);
    await until(other, 'step.started');
    await node.engine.executions.handle('e1', { type: 'resume', reason: 'go' }, CALLER);
    lease.lost = '';
    held.resolve(true);
    await until('e1', 'step.queued');
    expect(await typesOf('e1')).not.toContain('step.started');
    calls[0]?.resolve(null);
    await until('e1', 'step.started');
    expect(node.errors).toEqual([]);
  });

  const error = { type: 'Enough', message: 'enough' };
  const BY_HAND: readonly ExecutionCommand[] = [
    { type: 'complete_step', step: 'pay', output: null, reason: 'done' },
    { type: 'fail_step', step: 'pay', error, reason: 'enough' },
    { type: 'skip_step', step: 'pay', reason: 'not needed' },
    { type: 'cancel', reason: 'enough' },
  ];

  /** A node that is gone, and what it had under way, or had waiting behind that, at a limit of one. */
  const leftBehind = async (yaml: string) => {
    const nodes = await openNodes();
    const { log, clock, open, until } = nodes;
    const lost = open();
    const { id: called } = await lost.start(yaml);
    await until(called, 'step.started');
    const { id: behind } = await lost.start(yaml);
    await until(behind, 'step.queued');
    const drained = lost.engine.drain(0);
    clock.advance(0);
    await drained;
    /** A node at which somebody waits, who has looked once for places that are nobody's, of an execution at last. */
    const waited = async (last: string) => {
      const looked = Promise.withResolvers<void>();
      const read: EventLog['read'] = (stream, options) => {
        if (stream === streamOf('execution', last)) looked.resolve();
        return log.read(stream, options);
      };
      const node = open({ log: { ...log, read } });
      const { id: waiting } = await node.start(yaml);
      await looked.promise;
      return { node, waiting };
    };
    return { ...nodes, called, behind, waited };
  };

  it.each(BY_HAND)(
    'is given back when an operator ends what no node has taken up: $type',
    async (command) => {
      const { called, behind, waited, until } = await leftBehind(YAML);
      const { node } = await waited(behind);
      await node.engine.resume(behind);
      await node.engine.executions.handle(called, command, CALLER);
      await until(behind, 'step.started');
      expect(node.errors).toEqual([]);
    },
  );

  it.each([...BY_HAND, { type: 'pause', reason: 'a while' } as const])(
    'is waited for no more when an operator ends what waits for it and no node has taken up: $type',
    async (command) => {
      const { called, behind, waited, until } = await leftBehind(YAML);
      const { node, waiting } = await waited(behind);
      await node.engine.executions.handle(behind, command, CALLER);
      await node.engine.executions.handle(called, { type: 'cancel', reason: 'enough' }, CALLER);
      await until(waiting, 'step.started');
      expect(node.errors).toEqual([]);
    },
  );

  it('is given back at the limit of its key', async () => {
    const keyed = YAML.replace('activities', "concurrency: { max_activities: 1, key: 'all' }\nactivities");
    const { called, behind, waited, until } = await leftBehind(keyed);
    const { node } = await waited(behind);
    await node.engine.resume(behind);
    await node.engine.executions.handle(called, { type: 'cancel', reason: 'enough' }, CALLER);
    await until(behind, 'step.started');
    expect(node.errors).toEqual([]);
  });
});
