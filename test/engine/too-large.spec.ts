import { describe, expect, test } from 'vitest';
import { openEngine, seen } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const LIMIT = 2_048;
const THRICE = '{ thrice: "${workflow.text + workflow.text + workflow.text}" }';
const SAGA = `
compensation: {}
compensation_activities: { book: { activity: cancel } }
error_handling: { workflow_error: { strategy: compensate } }
`;

const open = async () => {
  const called: string[] = [];
  const named = (name: string, output: unknown) => () => {
    called.push(name);
    return output;
  };
  const under = openEngine({
    log: await temporaryLog(),
    maxPayload: LIMIT,
    activities: {
      book: named('book', 'x'.repeat(900)),
      pay: named('pay', 1),
      cancel: named('cancel', 1),
      exact: named('exact', 'x'.repeat(LIMIT - 10)),
    },
  });
  return { ...under, called };
};

const tooLarge = {
  type: 'PayloadTooLarge',
  message: expect.stringMatching(/at most 2048 bytes, but it has \d+/),
};

describe('what is too large for an event', () => {
  test('fails the step whose variables it would be', async () => {
    const { run, called, errors } = await open();
    const { state } = await run(
      'workflow: mapping\nactivities:\n  - name: book\n    output: { twice: "${output + output}" }\n',
    );
    expect(state).toMatchObject({ status: 'failed', steps: { book: { status: 'failed', error: tooLarge } } });
    expect([called, errors]).toEqual([['book'], []]);
  });

  test('fails the step whose output it would be', async () => {
    const { run } = await open();
    const { state } = await run('workflow: output\nactivities:\n  - name: exact\n');
    expect(state).toMatchObject({ status: 'failed', steps: { exact: { error: tooLarge } } });
  });

  test('fails the step whose input it would be, and undoes the one before', async () => {
    const { run, called, errors } = await open();
    const { state, types } = await run(`
workflow: input
activities:
  - name: book
    output: { text: "\${output}" }
  - name: pay
    input: ${THRICE}
${SAGA}`);
    expect(state).toMatchObject({
      status: 'compensated',
      completed: [{ step: 'book' }],
      steps: { pay: { error: tooLarge } },
    });
    expect(types).toContain('step.compensated');
    expect([called, errors]).toEqual([['book', 'cancel'], []]);
  });

  test('fails the step that comes after a wait', async () => {
    const log = await temporaryLog();
    const { start, end, clock, errors } = openEngine({
      log,
      maxPayload: LIMIT,
      activities: { pay: () => 1 },
    });
    const { id } = await start(
      `
workflow: waiting
variables: { text: "\${input}" }
activities:
  - name: rest
    wait: { for: 10s }
  - name: pay
    input: ${THRICE}
`,
      'x'.repeat(900),
    );
    clock.advance(10_000);
    const { state } = await end(id);
    expect(state).toMatchObject({
      status: 'failed',
      completed: [{ step: 'rest' }],
      steps: { pay: { error: tooLarge } },
    });
    expect(errors).toEqual([]);
  });

  test('fails a set step', async () => {
    const { run } = await open();
    const { state } = await run(`
workflow: settings
activities:
  - name: book
    output: { text: "\${output}" }
  - name: note
    set: { variables: ${THRICE} }
`);
    expect(state).toMatchObject({
      status: 'failed',
      completed: [{ step: 'book' }],
      steps: { note: { error: tooLarge } },
    });
  });

  test('is what a compensation cannot be given, while the others still run', async () => {
    const { run, called } = await open();
    const { state, events } = await run(`
workflow: undoing
activities:
  - name: book
    output: { text: "\${output}" }
  - name: pay
  - name: fail
    activity: exact
compensation: {}
compensation_activities:
  book: { activity: cancel }
  pay: { activity: cancel, params: ${THRICE} }
error_handling: { workflow_error: { strategy: compensate } }
`);
    expect(events.find(({ type }) => type === 'step.compensation_failed')).toMatchObject({
      facts: { step: 'pay', errorType: 'PayloadTooLarge' },
    });
    expect(events.at(-1)).toMatchObject({ type: 'execution.failed', facts: { uncompensated: ['pay'] } });
    expect(state.status).toBe('failed');
    expect(called).toEqual(['book', 'pay', 'exact', 'cancel']);
  });

  test('is refused to whoever sends it, and nothing is stored', async () => {
    const log = await temporaryLog();
    const { start, engine } = openEngine({ log, maxPayload: LIMIT, activities: {} });
    const refused = { code: 'PAYLOAD_TOO_LARGE', details: { field: 'payload', expected: LIMIT } };
    const yaml = 'workflow: signals\nactivities:\n  - name: rest\n    wait: { signal: go }\n';
    const before = (await start(yaml)).id;
    const end = await log.end();
    await expect(start(yaml, 'x'.repeat(LIMIT))).rejects.toMatchObject(refused);
    const signal = { type: 'signal', signal: 'go', payload: 'x'.repeat(LIMIT) } as const;
    await expect(engine.executions.handle(before, signal)).rejects.toMatchObject(refused);
    expect(await log.end()).toBe(end);
    await engine.executions.handle(before, { ...signal, payload: 'x' });
    await seen(log, before, ({ type }) => type === 'execution.completed');
  });
});

describe('what fits event by event, and not as one commit', () => {
  const SET = `
  - name: first
    set: { variables: { one: "\${input}", two: "\${input}", three: "\${input}" } }
`;
  const SETS = `
  - name: first
    set: { variables: { one: "\${input}" } }
  - name: second
    set: { variables: { two: "\${input}" } }
  - name: third
    set: { variables: { three: "\${input}" } }
`;
  const failed = {
    status: 'failed',
    steps: { first: { status: 'failed', error: { type: 'PayloadTooLarge' } } },
  };
  const stored = { status: 'completed', variables: { one: expect.any(String), three: expect.any(String) } };
  const tight = async () => {
    const log = await temporaryLog({ maxCommit: 3_000 });
    const fails = () => {
      throw Object.assign(new Error('no'), { retryable: false });
    };
    return { log, ...openEngine({ log, activities: { pay: () => 1, fails } }) };
  };

  test.for<[string, string, number]>([
    ['a timer has fired', '- name: rest\n    wait: { for: 10s }', 10_000],
    ['an activity has returned', '- name: pay', 0],
    ['an activity has failed', '- name: fails\n    fallback: { activity: skip }', 0],
  ])('is stored as several when %s, and fails a step that does not fit alone', async ([, step, ms]) => {
    for (const [steps, expected] of [
      [SETS, stored],
      [SET, failed],
    ] as const) {
      const { start, end, clock, errors } = await tight();
      const { id } = await start(`workflow: tight\nactivities:\n  ${step}${steps}`, 'x'.repeat(900));
      clock.advance(ms);
      expect((await end(id)).state).toMatchObject(expected);
      expect(errors).toEqual([]);
    }
  });

  test.for([
    ['is stored as several', SETS, stored],
    ['fails a step', SET, failed],
  ] as const)('%s when one that was queued goes on', async ([, steps, expected]) => {
    const { log, start } = await tight();
    const { id } = await start(`workflow: tight\nactivities:\n  - name: later${steps}`, 'x'.repeat(900));
    const { engine, end, errors } = openEngine({
      log,
      activities: { later: () => 1 },
      ids: countingIds(0.5, 2),
    });
    await engine.resume(id);
    expect((await end(id)).state).toMatchObject(expected);
    expect(errors).toEqual([]);
  });

  test('is refused to whoever sends what can be no smaller', async () => {
    const { log, start, engine } = await tight();
    const { id } = await start('workflow: signals\nactivities:\n  - name: rest\n    wait: { signal: go }\n');
    const before = await log.end();
    const signal = { type: 'signal', signal: 'go', payload: 'x'.repeat(4_000) } as const;
    await expect(engine.executions.handle(id, signal)).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(/^Expected a commit to .* of at most 3000 bytes, but it has \d+\.$/),
    });
    expect(await log.end()).toBe(before);
  });
});
