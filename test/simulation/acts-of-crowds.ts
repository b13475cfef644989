import { RegisterWorkflow, StartExecution } from '../../src/commands/commands.ts';
import type { Accepted } from './accepted.ts';
import { CLIENT, type Client } from './client.ts';
import { MOST_ACTIVITIES, MOST_WORKFLOWS } from './concurrency.ts';
import type { Random } from './random.ts';

interface Stage {
  readonly client: Client;
  readonly random: Random;
  readonly accepted: Accepted;
}

const WORKFLOW = 'crowd';

/** A workflow whose executions, or the activities of them, go by their priority and by nothing else. */
const makeRanked = (random: Random): string => {
  const activity = random.pick(['mail', 'charge', 'ship', 'crawl', 'scan', 'scan']);
  // What is made by workers may have to be made again; what is called once must not be called twice.
  const retry = { max_attempts: 3, backoff: { initial: '50ms', max: '1s' } };
  return JSON.stringify({
    execution: {
      workflow: WORKFLOW,
      priority: '${workflow.level}',
      variables: { level: '${input.level}' },
      concurrency: {
        max_activities: MOST_ACTIVITIES.limit,
        ...(random.chance(0.5) ? { max_workflows: MOST_WORKFLOWS.limit } : {}),
        queuing: { strategy: 'priority' },
      },
      activities: [
        {
          name: 's0',
          activity,
          timeout: { attempt: '8s', heartbeat: '2s' },
          ...(activity === 'scan' ? { retry } : {}),
          fallback: { activity: 'skip' },
        },
        { name: 's1', wait: { for: random.pick(['10ms', '2s']) } },
      ],
      compensation: { strategy: 'reverse' },
      compensation_activities: {},
      error_handling: { workflow_error: { strategy: 'stop' } },
    },
  });
};

/** More come at once than may go on, each as urgent as it likes. */
export const crowd = async ({ client, random, accepted }: Stage): Promise<void> => {
  const registered = new RegisterWorkflow(makeRanked(random), CLIENT);
  const known = await client.ask(`register ${WORKFLOW}`, registered, true);
  accepted.registered.push({ workflow: WORKFLOW, known });
  const since = known.what === 'answered' ? known.answer.position : 0n;
  const come = async (n: number): Promise<void> => {
    await client.pass(random.int(0, 300));
    const key = `crowd ${n}`;
    const command = new StartExecution(WORKFLOW, { level: random.int(0, 5) }, key, CLIENT);
    const started = await client.ask(`start ${WORKFLOW} ${key}`, command, true);
    accepted.started.push({ workflow: WORKFLOW, key, version: undefined, since, known: started });
  };
  await Promise.all(Array.from({ length: random.int(4, 8) }, (_, n) => come(n)));
};
