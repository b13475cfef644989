import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createActivities } from '../../src/activities/registry.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { EmitEvent } from '../../src/commands/commands.ts';
import { EmitEventHandler } from '../../src/commands/emit-event.handler.ts';
import { createCore } from '../../src/create-core.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import { startProjector } from '../../src/projections/run-projections.ts';
import { temporaryReadModels } from '../adapters/sqlite/temporary-read-models.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { CALLER, historyOf, sourceOf } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const SOURCE = sourceOf('workflow: told\ntrigger: { event: happened }\nactivities: [{ name: work }]\n');
/** More than enough turns for a server that waits for nothing to have closed its stores. */
const TURNS = 200;

/** A log that holds the append of an event until it is told to let go. */
const holding = (log: EventLog) => {
  const asked = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const append: EventLog['append'] = async (commit) => {
    if (commit.stream.startsWith('event-')) {
      asked.resolve();
      await letGo.promise;
    }
    return log.append(commit);
  };
  return { log: { ...log, append }, asked: asked.promise, letGo: letGo.resolve };
};

it('closes its stores when an event that is being accepted has started what it starts', async () => {
  const stored = await temporaryLog();
  const { log, asked, letGo } = holding(stored);
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  const clock = systemClock();
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock });
  const order: string[] = [];
  const core = createCore({
    config: { node: 'a-node', workflows: undefined, maxPayload: 10_000, maxPending: 100 },
    logger: keepingLogger(),
    clock,
    ids: systemIds(),
    activities: createActivities([]),
    stores: {
      log,
      readModels,
      projector,
      close: async () => {
        order.push('closed');
        await projector.stop();
      },
    },
  });
  const { definitions, engine, emissions, admission } = core;
  await core.start();
  await definitions.register(SOURCE, CALLER);
  const emits = new EmitEventHandler(definitions, engine.executions, emissions, clock, admission);
  const emitted = emits.execute(new EmitEvent('happened', null, undefined, CALLER));
  const answered = emitted.then(() => order.push('started'));
  await asked;
  const closed = core.close();
  for (let turns = 0; turns < TURNS; turns += 1) await turn();
  letGo();
  await Promise.all([closed, answered]);
  expect(order).toEqual(['started', 'closed']);
  const [started] = (await emitted).executions;
  expect((await historyOf(stored, started?.executionId ?? '')).map(({ type }) => type)).toEqual([
    'execution.started',
    'step.queued',
  ]);
});
