import { describe, expect, it } from 'vitest';
import { openEngine, seen, type Run } from '../../spec/engine.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const yaml = (concurrency: string): string => `
workflow: ranked
priority: \${input.rank}
concurrency: ${concurrency}
activities:
  - name: pay
`;

/** An engine whose calls end when they are told to, by the name that they were given. */
const openRanked = async () => {
  const log = await temporaryLog();
  const calls = new Map<string, PromiseWithResolvers<string>>();
  const order: string[] = [];
  const pay: Run = (_, input) => {
    const { name } = input as { readonly name: string };
    order.push(name);
    const call = Promise.withResolvers<string>();
    calls.set(name, call);
    return call.promise;
  };
  const node = openEngine({ log, activities: { pay } });
  const is =
    (wanted: string) =>
    ({ type }: ExecutionEvent): boolean =>
      type === wanted;
  const start = async (source: string, name: string, more: object, wanted: string) => {
    const { id } = await node.start(
      source.replace('- name: pay', `- name: pay\n    input: { name: ${name} }`),
      {
        rank: 0,
        ...more,
      },
    );
    await seen(log, id, is(wanted));
    return id;
  };
  const end = async (name: string, id: string) => {
    await seen(log, id, is('step.started'));
    calls.get(name)?.resolve('paid');
    await node.end(id);
  };
  return { log, node, order, start, end };
};

describe('calls that wait', () => {
  it('are made by the priority that their executions have', async () => {
    const source = yaml('{ max_activities: 1, queuing: { strategy: priority } }');
    const { node, order, start, end } = await openRanked();
    const first = await start(source, 'first', {}, 'step.started');
    const low = await start(source, 'low', { rank: 1 }, 'step.queued');
    const high = await start(source, 'high', { rank: 7 }, 'step.queued');
    await end('first', first);
    await end('high', high);
    await end('low', low);
    expect(order).toEqual(['first', 'high', 'low']);
    expect(node.errors).toEqual([]);
  });

  it('are those of a value of the key, of which only a hash is kept', async () => {
    const source = yaml('{ max_activities: 1, key: "${input.customer}" }');
    const { log, start } = await openRanked();
    const ann = { customer: 'ann@example.org' };
    await start(source, 'one', ann, 'step.started');
    await start(source, 'other', { customer: 'bob@example.org' }, 'step.started');
    const id = await start(source, 'two', ann, 'step.queued');
    const { facts } = await seen(log, id, ({ type }) => type === 'step.queued');
    expect(facts).toMatchObject({ gate: 'max_activities', position: 1, of: 1 });
    expect(JSON.stringify(facts)).not.toContain('example.org');
  });

  it('take turns by their keys where there is a total', async () => {
    const source = yaml('{ total: { max_activities: 1 }, key: "${input.customer}" }');
    const { order, start, end } = await openRanked();
    const first = await start(source, 'a1', { customer: 'a' }, 'step.started');
    const second = await start(source, 'a2', { customer: 'a' }, 'step.queued');
    const third = await start(source, 'a3', { customer: 'a' }, 'step.queued');
    const other = await start(source, 'b1', { customer: 'b' }, 'step.queued');
    await end('a1', first);
    await end('a2', second);
    await end('b1', other);
    await end('a3', third);
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('fail where no priority can be had', async () => {
    const source = yaml('{ max_activities: 1, queuing: { strategy: priority } }');
    const { node } = await openRanked();
    const { state, types } = await node.run(source, { rank: 'high' });
    expect(state.failure?.error).toMatchObject({
      type: 'ExpressionError',
      message: 'Expected "priority" to be a whole number, but found "high".',
    });
    expect(types).not.toContain('step.requested');
  });
});
