import { describe, expect, it } from 'vitest';
import { handClock } from '../../spec/clock.ts';
import { historyOf, openEngine, seen } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = (gate: string, shared = '') => `
workflow: paid
${shared}
activities:
  - name: pay
    timeout: { queue: 5s }
    ${gate}
`;

/** Of each gate one that lets only one call through. */
const GATES = {
  bulkhead: YAML('bulkhead: { max_concurrent: 1, timeout: 1h }'),
  max_activities: YAML('', 'concurrency: { max_activities: 1, queuing: { timeout: 1h } }'),
  rate_limit: YAML('rate_limit: { limit: 1, per: 1h }'),
  memory: YAML('resources: { memory: { request: 1Gi } }'),
};

describe('the time that a step may wait in the queue', () => {
  it.each(Object.entries(GATES))('bounds its wait at what limits it: %s', async (gate, yaml) => {
    const log = await temporaryLog();
    const clock = handClock();
    const calls: PromiseWithResolvers<null>[] = [];
    const pay = () => {
      const call = Promise.withResolvers<null>();
      calls.push(call);
      return call.promise;
    };
    const node = openEngine({
      log,
      clock,
      ids: countingIds(),
      activities: { pay },
      capacity: { node: 'n1', cpu: 4_000, memory: 1_024 },
    });
    const first = await node.start(yaml);
    await seen(log, first.id, ({ type }) => type === 'step.started');
    const second = await node.start(yaml);
    const queued = await seen(log, second.id, ({ type }) => type === 'step.queued');
    expect(queued.facts).toMatchObject({ gate, dueAt: clock.now() + 5_000 });
    const third = await node.start(yaml.replace('5s', '1h'));
    await seen(log, third.id, ({ type }) => type === 'step.queued');
    await clock.armed(clock.now() + 5_000);
    clock.advance(5_000);
    const { state } = await node.end(second.id);
    expect(state.failure?.error).toMatchObject({ type: 'QueueTimeout', details: { kind: 'queue', gate } });
    // Who waits no more has no place, and no turn.
    calls[0]?.resolve(null);
    await node.end(first.id);
    if (gate === 'rate_limit') return;
    await seen(log, third.id, ({ type }) => type === 'step.started');
    expect((await historyOf(log, second.id)).map(({ type }) => type)).not.toContain('step.started');
    expect(node.errors).toEqual([]);
  });
});
