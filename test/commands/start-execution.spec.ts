import { describe, expect, test } from 'vitest';
import { CALLER, recordedOf } from '../spec/engine.ts';
import { faultyLog } from '../spec/faulty-log.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, WAITING } from './commands.ts';
import { commitsOf, engineMetadata, metadataOf, UUID_V5, UUID_V7 } from './stored.ts';

const GREETING = `
workflow: greeting
input: { schema: { type: object, required: [name], properties: { name: { type: string } } } }
variables: { who: "\${input.name}" }
activities:
  - name: greet
    activity: notify
    input: { to: "\${workflow.who}" }
`;

describe('starting an execution', () => {
  test('stores that it was started, by whom and with what, and the call that it makes first', async () => {
    const { register, startExecution, end, log, clock } = await openCommands();
    const { definition } = await register(GREETING);
    const answer = await startExecution('greeting', { name: 'Ann' });
    const id = answer.executionId;
    expect(answer).toEqual({
      executionId: expect.stringMatching(UUID_V7),
      created: true,
      position: (await recordedOf(log, id))[1]?.position,
    });
    await end(id);
    const ofStep = { workflow: 'greeting', step: 'greet', activity: 'notify', attempt: 1 };
    expect(await commitsOf(log, `execution-${id}`)).toEqual([
      {
        metadata: metadataOf(ANN, id, clock.now(), definition),
        events: [
          {
            type: 'execution.started',
            facts: { workflow: 'greeting', definition, trigger: 'manual' },
            payload: { input: { name: 'Ann' }, event: null, variables: { who: 'Ann' } },
          },
          {
            type: 'step.started',
            facts: { ...ofStep, fallback: false },
            payload: { input: { to: 'Ann' } },
          },
        ],
      },
      {
        metadata: engineMetadata(ANN, id, clock.now(), definition),
        events: [
          { type: 'step.completed', facts: { ...ofStep, duration: 0 }, payload: { output: null } },
          {
            type: 'execution.completed',
            facts: {
              workflow: 'greeting',
              definition,
              startedAt: clock.now(),
              duration: 0,
              from: 'running',
            },
          },
        ],
      },
    ]);
  });

  test('twice without a key starts two', async () => {
    const { register, startExecution } = await openCommands();
    await register(WAITING);
    const [first, second] = [await startExecution('waiting'), await startExecution('waiting')];
    expect(first.executionId).not.toBe(second.executionId);
    expect([first.created, second.created]).toEqual([true, true]);
  });

  test('runs the latest definition, and those before it go on with theirs', async () => {
    const { register, startExecution, signal, end } = await openCommands();
    const first = await register(WAITING);
    const old = await startExecution('waiting');
    const second = await register(`${WAITING}  - name: notify\n`);
    const young = await startExecution('waiting');
    for (const { executionId } of [old, young]) await signal(executionId, 'go');
    expect((await end(old.executionId)).state).toMatchObject({
      definition: first.definition,
      status: 'completed',
      completed: [{ step: 'rest' }],
    });
    expect((await end(young.executionId)).state).toMatchObject({
      definition: second.definition,
      completed: [{ step: 'rest' }, { step: 'notify' }],
    });
  });

  test('of a caller without a trace has none', async () => {
    const { register, startExecution, log, clock } = await openCommands();
    const { definition } = await register(WAITING);
    const { executionId } = await startExecution('waiting', null, undefined, CALLER);
    const [commit] = await commitsOf(log, `execution-${executionId}`);
    expect(commit?.metadata).toEqual(metadataOf(CALLER, executionId, clock.now(), definition));
    expect(commit?.metadata).not.toHaveProperty('traceparent');
  });
});

describe('starting an execution is refused', () => {
  test('when there is no such workflow', async () => {
    const { startExecution, store } = await openCommands();
    await store.thenRefused(() => startExecution('nobody', null, 'a-key'), {
      name: 'Rejection',
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected the name of a registered workflow, but there is none called "nobody".',
      details: { field: 'workflow', found: 'nobody' },
    });
  });

  test.for([
    [null, /must be object/],
    [{}, /must have required property 'name'/],
    [{ name: 7 }, /name.* must be string/],
  ])('when it is given %j, which the workflow does not take', async ([input, problem]) => {
    const { register, startExecution, store } = await openCommands();
    await register(GREETING);
    await store.thenRefused(() => startExecution('greeting', input as null), {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Expected an input that "greeting" takes, but .+\.$/),
      details: { field: 'input', problems: [expect.stringMatching(problem as RegExp)] },
    });
  });
});

describe('starting an execution whose key was used before', () => {
  test('adds nothing while it runs, whatever it is given', async () => {
    const { register, startExecution, store, log } = await openCommands();
    await register(WAITING);
    const first = await startExecution('waiting', 1, 'order-7');
    expect(first).toEqual({
      executionId: expect.stringMatching(UUID_V5),
      created: true,
      position: await log.end(),
    });
    const again = await store.thenAddsNothing(() => startExecution('waiting', 2, 'order-7', CALLER));
    expect(again).toEqual({ ...first, created: false });
    const [commit] = await commitsOf(log, `execution-${first.executionId}`);
    expect(commit?.events[0]?.payload).toMatchObject({ input: 1 });
  });

  test('adds nothing once it has ended, and says where that stands', async () => {
    const { register, startExecution, signal, end, store, log } = await openCommands();
    await register(WAITING);
    const { executionId } = await startExecution('waiting', null, 'order-7');
    await signal(executionId, 'go');
    await end(executionId);
    const again = await store.thenAddsNothing(() => startExecution('waiting', null, 'order-7'));
    expect(again).toEqual({ executionId, created: false, position: await log.end() });
  });

  test('adds nothing in another process, also when the workflow has another version by then', async () => {
    const { register, startExecution, log } = await openCommands();
    const { definition } = await register(WAITING);
    const first = await startExecution('waiting', null, 'order-7');
    const other = await openCommands({ log });
    await other.register(`${WAITING}  - name: notify\n`);
    const again = await other.store.thenAddsNothing(() => other.startExecution('waiting', null, 'order-7'));
    expect(again).toEqual({ ...first, created: false });
    const live = await other.engine.executions.load(first.executionId);
    expect(live?.definition.hash).toBe(definition);
  });

  test('starts another execution of another workflow', async () => {
    const { register, startExecution } = await openCommands();
    await register(WAITING);
    await register(WAITING.replace('waiting', 'dozing'));
    const first = await startExecution('waiting', null, 'order-7');
    const second = await startExecution('dozing', null, 'order-7');
    expect(second.created).toBe(true);
    expect(second.executionId).not.toBe(first.executionId);
  });
});

describe('an execution that is in memory', () => {
  test('is known to be started, also while the log is away', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, startExecution } = await openCommands({ log });
    await register(WAITING);
    const first = await startExecution('waiting', null, 'order-7');
    log.fail('append', 'before');
    expect(await startExecution('waiting', null, 'order-7')).toEqual({ ...first, created: false });
    expect(log.met).toBe(0);
  });
});

describe('starts with one key at the same time', () => {
  test('start one execution, and call its activity once', async () => {
    let calls = 0;
    const { register, startExecution, end, log } = await openCommands({
      activities: { notify: () => void (calls += 1) },
    });
    await register(GREETING);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => startExecution('greeting', { name: 'Ann' }, 'order-7')),
    );
    const id = answers[0]?.executionId ?? '';
    expect(new Set(answers.map(({ executionId }) => executionId))).toEqual(new Set([id]));
    expect(answers.map(({ created }) => created)).toEqual([true, ...Array(7).fill(false)]);
    await end(id);
    expect(calls).toBe(1);
    expect(await commitsOf(log, `execution-${id}`)).toHaveLength(2);
  });

  test('in two processes start one execution', async () => {
    const log = await temporaryLog();
    const here = await openCommands({ log, ids: countingIds(0.5, 1) });
    const there = await openCommands({ log, ids: countingIds(0.5, 2) });
    await here.register(WAITING);
    const answers = await Promise.all(
      [here, there, here, there].map(({ startExecution }) => startExecution('waiting', null, 'order-7')),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ executionId, position }) => `${executionId} ${position}`)).size).toBe(1);
    expect(await commitsOf(log, `execution-${answers[0]?.executionId}`)).toHaveLength(1);
  });
});
