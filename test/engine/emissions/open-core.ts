import { createActivities } from '../../../src/activities/registry.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemIds } from '../../../src/adapters/system/ids.ts';
import { EmitEvent, type EmittedEvent } from '../../../src/commands/commands.ts';
import { EmitEventHandler } from '../../../src/commands/emit-event.handler.ts';
import { createCore, type Core, type CoreConfig } from '../../../src/create-core.ts';
import type { Json } from '../../../src/domain/json.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import { PROJECTIONS } from '../../../src/projections/catalogue.ts';
import { startProjector } from '../../../src/projections/run-projections.ts';
import { keepingLogger, type KeepingLogger } from '../../graphql/keeping-logger.ts';
import { CALLER } from '../../spec/engine.ts';
import { SILENT_NOTIFIER } from '../../spec/silent-notifier.ts';

/** A core that takes events, and what it said. */
export interface CoreUnderTest {
  readonly core: Core<CoreConfig>;
  readonly logger: KeepingLogger;
  emit(type: string, payload?: Json, key?: string): Promise<EmittedEvent>;
}

/** What a core of a spec is made of. `closed` is called when it closes its stores. */
export interface CoreParts {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly maxPayload?: number;
  readonly closed?: () => void;
}

/** Puts a core on stores that outlive it. */
export const openCoreOn = ({ log, readModels, maxPayload = 100_000, closed }: CoreParts): CoreUnderTest => {
  const clock = systemClock();
  const logger = keepingLogger();
  const projector = startProjector({ log, readModels, projections: PROJECTIONS, clock });
  const close = async (): Promise<void> => {
    closed?.();
    await projector.stop();
  };
  const core = createCore({
    config: {
      node: 'a-node',
      workflows: undefined,
      maxPayload,
      maxPending: 100,
      notifyTimeout: 10_000,
      cpu: 64_000,
      memory: 65_536,
    },
    logger,
    clock,
    ids: systemIds(),
    activities: createActivities([]),
    notifier: SILENT_NOTIFIER,
    stores: { log, readModels, projector, close },
  });
  const { definitions, engine, emissions, admission } = core;
  const emits = new EmitEventHandler(definitions, engine.executions, emissions, clock, admission);
  return {
    core,
    logger,
    emit: (type, payload = null, key) => emits.execute(new EmitEvent(type, payload, key, CALLER)),
  };
};
