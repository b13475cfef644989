import { describe, expect, test } from 'vitest';
import { childIdOf } from '../../src/domain/uuid.ts';
import { CALLER, openEngine, seen, sourceOf, type EngineUnderTest } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { cancel, ORDER, PARCEL, weigh } from './parcels.ts';

describe('nodes that share the log', () => {
  const owning = (...ids: readonly string[]) => ({
    owns: (id: string) => ids.includes(id),
    holds: (id: string) => ids.includes(id),
    takes: (id: string) => ids.includes(id),
    whenHeld: (id: string) => Promise.resolve(ids.includes(id)),
  });

  /** A node with the parent, one with the child, each told of what the other appends. */
  const two = async (id: string, child: string) => {
    const log = await temporaryLog();
    const nodes = [owning(id), owning(child)].map((owned, n) =>
      openEngine({ log, ids: countingIds((n + 1) / 5), activities: {}, owned }),
    );
    const [above, below] = nodes as [EngineUnderTest, EngineUnderTest];
    await above.definitions.register(sourceOf(PARCEL), CALLER);
    for (const node of nodes) node.definitions.complete();
    const over = new AbortController();
    const follow = async () => {
      for await (const { events } of log.subscribe({ after: 0n, signal: over.signal }))
        for (const event of events) {
          const owner =
            event.stream === `execution-${id}`
              ? above
              : event.stream === `execution-${child}`
                ? below
                : undefined;
          for (const node of nodes) node.engine.hear(event);
          owner?.engine.follow(event.stream === `execution-${id}` ? id : child, event.revision);
        }
    };
    return { log, above, below, over, followed: follow() };
  };

  const PARENT = '00000000-0000-7000-8000-00000000aaaa';
  const CHILD = childIdOf(PARENT, 'collect', 1);

  test('tell the parent of the end of a child that another one runs', async () => {
    const { log, above, below, over, followed } = await two(PARENT, CHILD);
    await above.start(ORDER, 'P-1', PARENT);
    await seen(log, PARENT, ({ type }) => type === 'child.started');
    // By then it has looked whether the child has ended, and has to be told of that.
    await above.engine.executions.settled();
    await weigh(below, CHILD, 6);
    await seen(log, PARENT, ({ type }) => type === 'execution.completed');
    over.abort();
    await followed;
    expect([...above.errors, ...below.errors]).toEqual([]);
  });

  test('end a child that another one runs', async () => {
    const { log, above, below, over, followed } = await two(PARENT, CHILD);
    await above.start(ORDER, 'P-1', PARENT);
    await seen(log, PARENT, ({ type }) => type === 'child.started');
    await cancel(above, PARENT);
    await seen(log, CHILD, ({ type }) => type === 'execution.cancelled');
    over.abort();
    await followed;
    expect([...above.errors, ...below.errors]).toEqual([]);
  });
});
