import type { Scenario, Stage } from './scenarios.ts';

const YAML = `
workflow: scanned
activities:
  - name: scan
    input: { page: 1 }
    output: { text: "\${output.text}" }
    timeout: { attempt: 1h, heartbeat: 10s }
    retry: { max_attempts: 2, backoff: { initial: 1s, jitter: 0 } }
  - name: refuse
    fail: { type: Unwanted, message: nobody wants it }
compensation_activities: { scan: { activity: unscan } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const GOES_ON = new AbortController().signal;

/** The token of the attempt that a worker takes, of the step that waits for it. */
const taken = async ({ engine }: Stage, worker: string, activity: string): Promise<string> => {
  const claim = { worker, activities: [{ name: activity }], max: 1, wait: 60_000 };
  const [given] = await engine.workers.claim(claim, GOES_ON);
  return given?.token ?? '';
};

/** Its first worker is not heard of any more, and a second one does what it was to do. */
const play = async (stage: Stage): Promise<void> => {
  const { engine, happened, clock, end, id } = stage;
  const first = await taken(stage, 'press-1', 'scan');
  await engine.workers.heartbeat(first, { page: 1 });
  await happened('step.heartbeat', 'scan 1');
  clock.advance(10_000);
  await happened('step.retry_scheduled', 'scan 1');
  clock.advance(1_000);
  const second = await taken(stage, 'press-2', 'scan');
  clock.advance(200);
  await engine.workers.complete(second, { text: 'hello' });
  const undoing = await taken(stage, 'press-1', 'unscan');
  clock.advance(50);
  await engine.workers.complete(undoing, null);
  await end(id);
};

/** Histories of steps that workers make. */
export const WORKERS: readonly Scenario[] = [
  { name: 'made-by-workers', yaml: YAML, activities: () => ({}), play },
  {
    name: 'under-way-at-a-worker',
    yaml: YAML,
    activities: () => ({}),
    play: (stage) => taken(stage, 'press-1', 'scan'),
  },
];
