import { expect, it } from 'vitest';
import { defineActivity } from '../../src/activities/define-activity.ts';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { EmitEvent } from '../../src/commands/commands.ts';
import { EmitEventHandler } from '../../src/commands/emit-event.handler.ts';
import { readConfig } from '../../src/config.ts';
import { openCore, type CoreOptions } from '../../src/core.ts';
import { seal } from '../../src/domain/chain.ts';
import type { DomainEvent } from '../../src/domain/event.ts';
import { IllegalEvent } from '../../src/domain/execution/evolve.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { keepingLogger } from '../graphql/keeping-logger.ts';
import { CALLER, sourceOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';

const on = (workflow: string) =>
  sourceOf(`workflow: ${workflow}\ntrigger: { event: happened }\nactivities: [{ name: work }]\n`);

/** A server on a folder. */
const serve = async (data: string, activities: CoreOptions['activities'] = []) => {
  const logger = keepingLogger();
  const core = await openCore({ config: readConfig({ SAGALOG_DATA: data }), logger, activities });
  await core.start();
  const { definitions, emissions, engine, clock, admission } = core;
  const emits = new EmitEventHandler(definitions, engine.executions, emissions, clock, admission);
  return {
    core,
    emit: () => emits.execute(new EmitEvent('happened', null, undefined, CALLER)),
    errors: () => logger.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields),
  };
};

/** Appends what this version would not. */
const append = async (log: EventLog, stream: string, event: DomainEvent): Promise<void> => {
  const head = await log.head(stream);
  if (head === undefined) throw new Error(`Expected ${stream} to be there, but it is not.`);
  const metadata = createEnvelopes('another', countingIds()).open(stream, CALLER, 'default', 0);
  await log.append(seal(stream, head, [event], metadata));
};

const work = { activity: defineActivity({ name: 'work', run: () => 'done' }), from: 'the spec' };

it('keeps what cannot be read from keeping the others from going on', async () => {
  const data = temporaryFolder();
  const first = await serve(data);
  await first.core.definitions.register(on('sound'), CALLER);
  await first.core.definitions.register(on('spoilt'), CALLER);
  const { eventId } = await first.emit();
  const [sound, spoilt] = [executionIdOf('sound', eventId), executionIdOf('spoilt', eventId)];
  await append(first.core.log, `execution-${spoilt}`, {
    type: 'step.compensating',
    facts: { workflow: 'spoilt', step: 'work', activity: 'work', attempt: 1 },
  });
  await append(first.core.log, 'workflow-spoilt', {
    type: 'workflow.registered',
    facts: { workflow: 'spoilt', definition: 'sha256:0', number: 2, triggerEvent: 'happened' },
    payload: { source: '', document: {} },
  });
  await first.core.close();

  const { core, errors, emit } = await serve(data, [work]);
  await core.engine.ended(sound);
  expect(errors()).toEqual([
    { workflow: 'spoilt', err: expect.any(TypeError) },
    { executionId: spoilt, err: expect.any(IllegalEvent) },
  ]);
  expect((await emit()).executions).toHaveLength(1);
  await core.close();
});
