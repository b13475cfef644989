import { describe, expect, it } from 'vitest';
import { openSqliteLog } from '../../src/adapters/sqlite/event-log.ts';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { executionIdOf } from '../../src/domain/uuid.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { untilStarted } from './load.ts';
import { openChaos } from './open-chaos.ts';

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow } }';
const EMIT = 'mutation { emitEvent(type: "chaos:told", payload: { n: 1 }) { eventId } }';
const WORKFLOWS = ['one', 'two'];

const sourceOf = (workflow: string): string => `execution:
  workflow: ${workflow}
  trigger: { event: "chaos:told" }
  activities: [{ name: note, activity: log, input: { message: told } }]
`;

const openLog = (path: string): Promise<EventLog> => openSqliteLog({ path });

const emittedIn = async (data: string): Promise<readonly RecordedEvent[]> => {
  const log = await openLog(data);
  const { signal } = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ after: 0n, filter: { types: ['event.emitted'] }, signal })) {
    found.push(...batch.events);
    if (batch.caughtUp) break;
  }
  await log.close();
  return found;
};

describe('an event whose server is killed, and which nobody sends again', () => {
  it.each(['after-emit:1', 'after-start:1', 'after-start:2'])(
    'at %s starts everything that it triggers, once',
    async (crashAt) => {
      const chaos = openChaos({ openLog });
      const crashing = await chaos.start(crashAt);
      await untilStarted(crashing);
      for (const workflow of WORKFLOWS) await crashing.query(REGISTER, { source: sourceOf(workflow) });
      expect(await Promise.allSettled([crashing.query(EMIT)])).toMatchObject([{ status: 'rejected' }]);
      expect(await crashing.ended, 'its exit code: none when it has killed itself').toBeNull();
      const server = await chaos.start();
      await chaos.ended(WORKFLOWS.length);
      expect(await server.kill('SIGTERM')).toBe(0);
      const emitted = await emittedIn(chaos.data);
      expect(emitted).toHaveLength(1);
      const log = await openLog(chaos.data);
      for (const workflow of WORKFLOWS) {
        const id = executionIdOf(workflow, emitted[0]?.stream.slice('event-'.length) ?? '');
        const types = (await log.read(`execution-${id}`)).map(({ type }) => type);
        expect(types.filter((type) => type === 'execution.started')).toHaveLength(1);
        expect(types.at(-1)).toBe('execution.completed');
      }
      await log.close();
    },
  );
});
