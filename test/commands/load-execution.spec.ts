import { describe, expect, test } from 'vitest';
import { createEnvelopes } from '../../src/commands/envelope.ts';
import { executionEvent, loadExecution } from '../../src/commands/load-execution.ts';
import { loadWorkflow } from '../../src/commands/load-workflow.ts';
import { headAfter, seal, type StreamHead } from '../../src/domain/chain.ts';
import type { DomainEvent } from '../../src/domain/event.ts';
import { faultyLog } from '../spec/faulty-log.ts';
import { recordedOf } from '../spec/engine.ts';
import { countingIds } from '../spec/ids.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { ANN, openCommands, WAITING } from './commands.ts';

const open = async () => {
  const under = await openCommands();
  await under.register(WAITING);
  const { executionId: id } = await under.startExecution('waiting');
  const envelopes = createEnvelopes('elsewhere', countingIds(0.5, 7));
  /** Appends events behind what is there. */
  const append = async (...events: readonly DomainEvent<string, object, unknown>[]): Promise<StreamHead> => {
    const head = await under.log.head(`execution-${id}`);
    if (head === undefined) throw new TypeError('Expected an execution, but there is none.');
    const metadata = envelopes.open(id, ANN, 'moved', under.clock.now());
    const commit = seal(`execution-${id}`, head, events, metadata);
    await under.log.append(commit);
    return headAfter(commit);
  };
  const load = () => loadExecution(under.log, under.definitions.get, id);
  return { ...under, id, append, load };
};

const received = (n: number) => ({
  type: 'signal.received',
  facts: { workflow: 'waiting', signal: 'kept', step: '' },
  payload: { payload: n },
});

describe('an execution that is loaded', () => {
  test('is what its stream says, page after page', async () => {
    const { append, load, log } = await open();
    const numbers = Array.from({ length: 2_500 }, (_, n) => n);
    await append(...numbers.slice(0, 997).map(received));
    await append(...numbers.slice(997, 1_997).map(received));
    const head = await append(...numbers.slice(1_997).map(received));
    const execution = await load();
    expect(execution?.state.signals).toEqual({ kept: numbers });
    expect(execution).toMatchObject({ head, position: await log.end(), tenant: 'moved' });
    expect(head.revision).toBe(2_502);
  });

  test('that ends exactly at a page is whole', async () => {
    const { append, load } = await open();
    const head = await append(...Array.from({ length: 997 }, (_, n) => received(n)));
    expect(head.revision).toBe(999);
    expect((await load())?.state.signals['kept']).toHaveLength(997);
  });

  test('is the same as the one that was never let go', async () => {
    const { load, engine, signal, id } = await open();
    await signal(id, 'kept', { deep: [1, 'é', null] });
    expect(await load()).toEqual(await engine.executions.load(id));
  });

  test('is none when there is no stream', async () => {
    const { log, definitions } = await open();
    expect(await loadExecution(log, definitions.get, 'nobody')).toBeUndefined();
  });

  test('is refused when this version does not know what happened to it', async () => {
    const { append, load, id } = await open();
    await append({ type: 'step.teleported', facts: { workflow: 'waiting' } });
    await expect(load()).rejects.toThrow(
      `Expected an event type that this version knows, but execution-${id}@3 has "step.teleported".`,
    );
  });

  test('is refused when what happened to it cannot happen', async () => {
    const { append, load } = await open();
    await append({ type: 'saga.compensated', facts: { workflow: 'waiting' } });
    await expect(load()).rejects.toMatchObject({ code: 'ILLEGAL_EVENT' });
  });

  test('is refused when its definition is not there', async () => {
    const { log, id } = await open();
    const elsewhere = await openCommands({ log: faultyLog(await temporaryLog()) });
    await expect(loadExecution(log, elsewhere.definitions.get, id)).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
    });
  });
});

describe('an event of the log', () => {
  test('is what was decided, with a payload only where it has one', async () => {
    const { log, id, cancel } = await open();
    await cancel(id, 'enough');
    const events = (await recordedOf(log, id)).map(executionEvent);
    expect(events[0]).toMatchObject({ type: 'execution.started', payload: { input: null } });
    expect(events[1]).not.toHaveProperty('payload');
    expect(events.at(-1)?.payload).toEqual({ reason: 'enough' });
  });
});

describe('a workflow that is loaded', () => {
  test('has every version, in order, and where its stream ends', async () => {
    const { register, log, definitions } = await open();
    const second = await register(`${WAITING}  - name: notify\n`);
    const workflow = await loadWorkflow(log, 'waiting');
    expect(workflow.versions.map(({ definition }) => definition)).toEqual([
      (await definitions.get('waiting', workflow.versions[0]?.definition ?? '')).hash,
      second.definition,
    ]);
    expect(workflow).toMatchObject({ name: 'waiting', head: { revision: 1 }, position: second.position });
    expect(workflow.versions[1]?.document).toMatchObject({
      execution: { activities: [{ name: 'rest' }, { name: 'notify' }] },
    });
  });

  test('without a version was never registered', async () => {
    const { log } = await open();
    expect(await loadWorkflow(log, 'nobody')).toEqual({
      name: 'nobody',
      scheduledSince: 0,
      versions: [],
      isRetired: false,
      head: { revision: -1, hash: '' },
      position: 0n,
    });
  });
});
