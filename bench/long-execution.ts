import { openSqliteLog } from '../src/adapters/sqlite/event-log.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import { createEnvelopes } from '../src/commands/envelope.ts';
import { headAfter, NO_STREAM, seal, type StreamHead } from '../src/domain/chain.ts';
import type { Definition } from '../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../src/domain/execution/commands.ts';
import { decide } from '../src/domain/execution/decide.ts';
import { INITIAL, type ExecutionState } from '../src/domain/execution/state.ts';
import { streamOf } from '../src/domain/stream.ts';
import type { EventLog } from '../src/ports/event-log.ts';
import { BENCH, definitionsIn } from './generate.ts';

/** An execution, and how many events it has. */
export interface LongExecution {
  readonly id: string;
  readonly events: number;
}

const ENDLESS = `execution:
  workflow: endless_turns
  variables: { turn: 0 }
  activities:
    - name: turns
      while:
        condition: \${workflow.turn >= 0}
        max: 1000000
        steps:
          - name: call
            activity: count
            output: { turn: '\${output.turn}', last: '\${output}' }
`;

const IN_FLIGHT = 512;

/** What the attempt that is under way came to. */
const ended = ({ steps }: ExecutionState, turn: number): ExecutionCommand => {
  const [step, { attempt }] = Object.entries(steps).find(
    ([, { status, activity }]) => status === 'running' && activity === 'count',
  ) ?? ['', { attempt: 0 }];
  return { type: 'complete_attempt', step, attempt, compensation: false, output: { turn } };
};

const write = async (log: EventLog, definition: Definition, id: string, events: number): Promise<number> => {
  const envelopes = createEnvelopes('bench', systemIds());
  const stream = streamOf('execution', id);
  let now = systemClock().now() - events;
  let state = INITIAL;
  let head: StreamHead = NO_STREAM;
  let appends: Promise<unknown>[] = [];
  const decideOn = (command: ExecutionCommand): void => {
    now += 1;
    const context = { executionId: id, now, random: () => 0.5, serves: () => true };
    const decided = decide(definition, state, command, context);
    const commit = seal(
      stream,
      head,
      decided.events,
      envelopes.open(id, BENCH, BENCH.tenant, now, definition.hash),
    );
    state = decided.state;
    head = headAfter(commit);
    appends.push(log.append(commit));
  };
  decideOn({ type: 'start', id, trigger: 'manual', input: null, event: null });
  for (let turn = 0; head.revision + 2 < events; turn += 1) {
    decideOn(ended(state, turn));
    if (appends.length < IN_FLIGHT) continue;
    await Promise.all(appends);
    appends = [];
  }
  // What ended last has changed entries that began first.
  decideOn({ type: 'cancel', reason: 'It is long enough.' });
  await Promise.all(appends);
  return head.revision + 1;
};

/** Writes an execution of at least so many events as the engine would have: a loop, turn after turn, until it is cancelled. */
export const writeLongExecution = async (data: string, events: number): Promise<LongExecution> => {
  const log = await openSqliteLog({ path: data });
  const definitions = definitionsIn(log);
  try {
    await definitions.register(ENDLESS, BENCH);
    const id = systemIds().next();
    return { id, events: await write(log, await definitions.startable('endless_turns'), id, events) };
  } finally {
    await log.close();
  }
};
