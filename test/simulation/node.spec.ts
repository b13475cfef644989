import { expect, it } from 'vitest';
import { RegisterWorkflow, StartExecution } from '../../src/commands/commands.ts';
import { CLIENT } from './client.ts';
import { ConnectionLost, startNode } from './node.ts';
import { createWorld, type World } from './world.ts';

const SOURCE = JSON.stringify({
  execution: {
    workflow: 'alpha',
    activities: [
      { name: 'first', activity: 'mail' },
      { name: 'rest', wait: { for: '1m' } },
      { name: 'last', activity: 'mail' },
    ],
  },
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Lets time pass until nothing happens any more. */
const passAll = async ({ clock }: World): Promise<void> => {
  do await settle();
  while (clock.step());
};

it('does nothing any more once it is lost, wherever that is', async () => {
  for (let moment = 1; moment <= 8; moment += 1) {
    const world = createWorld(moment, { calm: true });
    const node = startNode(world, { name: 'n1', rollout: 0 });
    let then = '';
    const seen = () =>
      `${world.log.events.length} ${world.outside.calls.length} ${[...world.store.records].length}`;
    world.moments.at(moment % 2 === 0 ? 'commit' : 'call', Math.ceil(moment / 2), () => {
      node.lose();
      then = seen();
    });
    const asked = (async () => {
      await node.execute(new RegisterWorkflow(SOURCE, CLIENT));
      await node.execute(new StartExecution('alpha', null, undefined, CLIENT));
    })();
    const answer = asked.then(
      () => 'answered',
      (error: unknown) => error,
    );
    await passAll(world);
    if (then === '') continue;
    expect(seen()).toBe(then);
    expect(world.clock.armed()).toEqual([]);
    expect(['answered', expect.any(ConnectionLost)]).toContainEqual(await answer);
  }
});

it('goes on where the one before it was lost', async () => {
  const world = createWorld(1, { calm: true });
  const lost = startNode(world, { name: 'n1', rollout: 0 });
  world.moments.at('call', 1, () => lost.lose());
  const asked = (async () => {
    await lost.execute(new RegisterWorkflow(SOURCE, CLIENT));
    await lost.execute(new StartExecution('alpha', null, 'a key', CLIENT));
  })();
  asked.catch(() => undefined);
  await passAll(world);
  const next = startNode(world, { name: 'n2', rollout: 0 });
  await passAll(world);
  const types = world.log.events.map(({ type, commit }) => `${commit.metadata.node} ${type}`);
  expect(types).toEqual([
    'n1 workflow.registered',
    'n1 execution.started',
    'n1 step.started',
    // Nobody knows whether the mail was sent, and it may be sent once.
    'n2 step.failed',
    'n2 execution.failed',
  ]);
  await next.stop();
  expect(next.armed).toBe(0);
});
