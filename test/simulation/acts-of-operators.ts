import { OperateExecution } from '../../src/commands/commands.ts';
import type { OperatorCommand } from '../../src/domain/execution/commands.ts';
import { isFinal } from '../../src/domain/execution/lifecycle.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { Accepted } from './accepted.ts';
import { CLIENT, type Client } from './client.ts';
import { executionIds, stateOf } from './execution-of.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

interface Stage {
  readonly world: World;
  readonly client: Client;
  readonly random: Random;
  readonly accepted: Accepted;
}

const reason = 'an operator says so';

/** Somewhere to do something by hand: mostly a step that something has happened to and that has not ended. */
const someStep = (world: World, random: Random, id: string): string => {
  const state = stateOf(world.log.stream(streamOf('execution', id)));
  const open = Object.entries(state.steps).flatMap(([path, { done }]) => (done ? [] : [path]));
  const undone = state.compensation?.todo[state.compensation.settled];
  const paths = [...open, ...(undone === undefined ? [] : [undone]), ...Object.keys(state.steps), 'nobody'];
  return random.pick(paths.slice(0, random.int(1, paths.length)));
};

/** A command of an operator, drawn; what is asked in vain is refused. */
const draw = (world: World, random: Random, id: string): OperatorCommand => {
  const step = someStep(world, random, id);
  const error = { type: random.pick(['Refused', 'FailedByHand']), message: reason };
  const { status } = stateOf(world.log.stream(streamOf('execution', id)));
  if (status === 'failed' && random.chance(0.8))
    return { type: random.chance(0.7) ? 'retry' : 'compensate', reason };
  if (status === 'paused' && random.chance(0.4)) return { type: 'resume', reason };
  return random.pick<OperatorCommand>([
    { type: 'pause', reason },
    { type: 'pause', reason },
    { type: 'pause', reason },
    { type: 'resume', reason },
    { type: 'retry', reason },
    { type: 'compensate', reason },
    { type: 'cancel', reason, compensate: true },
    { type: 'terminate', reason },
    { type: 'skip_step', step, reason },
    { type: 'complete_step', step, output: { n: 7 }, reason },
    { type: 'complete_step', step, output: null, reason },
    { type: 'fail_step', step, error, reason },
    { type: 'set_variables', variables: { by_hand: random.int(1, 3) }, reason },
  ]);
};

/** Mostly an execution that something can be done to; `undefined` when there is none. */
export const someOpen = (world: World, random: Random): string | undefined => {
  const ids = executionIds(world.log);
  const isOpen = (id: string): boolean => {
    const { status } = stateOf(world.log.stream(streamOf('execution', id)));
    return !isFinal(status) || status === 'failed';
  };
  const open = random.chance(0.9) ? ids.filter(isOpen) : ids;
  return open.length === 0 ? undefined : random.pick(open);
};

/** An operator does something to an execution. */
export const operate = async ({ world, client, random, accepted }: Stage): Promise<void> => {
  const id = someOpen(world, random);
  if (id === undefined) return;
  const operation = draw(world, random, id);
  const about = `${operation.type} ${'step' in operation ? `${operation.step} of ` : ''}${id}`;
  const known = await client.ask(about, new OperateExecution(id, operation, CLIENT), true);
  accepted.operated.push({ id, operation, known });
};
