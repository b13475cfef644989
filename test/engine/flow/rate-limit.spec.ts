import { describe, expect, it } from 'vitest';
import { handClock } from '../../spec/clock.ts';
import { historyOf, openEngine, seen, type Run } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = `
workflow: paid
activities:
  - name: pay
    rate_limit: { limit: 2, per: 10s }
`;
const KEYED = `
workflow: keyed
activities:
  - name: pay
    rate_limit: { limit: 1, per: 10s, key: "\${input.customer}" }
`;

const openNodes = async (pay: Run = () => 'paid') => {
  const log = await temporaryLog();
  const clock = handClock();
  const open = (space: number) =>
    openEngine({ log, clock, ids: countingIds(0.5, space), activities: { pay } });
  return { log, clock, nodes: [open(1), open(2)] as const };
};

describe('a limit of calls in a time', () => {
  it('lets so many calls of all nodes begin, and the others when it is their turn', async () => {
    const { log, clock, nodes } = await openNodes();
    const [a, b] = nodes;
    await a.run(YAML);
    const { events } = await b.run(YAML);
    expect(events.find(({ type }) => type === 'step.admitted')?.facts).toMatchObject({
      gate: 'rate_limit',
      key: 'pay',
      count: 2,
      of: 2,
    });
    const third = await a.start(YAML);
    const fourth = await b.start(YAML);
    const facts = await Promise.all(
      [third, fourth].map(
        async ({ id }) => (await seen(log, id, ({ type }) => type === 'step.queued')).facts,
      ),
    );
    const positions = facts.map((one) => ('position' in one ? one.position : 0));
    expect(new Set(positions)).toEqual(new Set([1, 2]));
    expect(facts[0]).toMatchObject({ reason: 'limit', gate: 'rate_limit', key: 'pay', of: 2 });
    await clock.armed(clock.now() + 5_000);
    await clock.armed(clock.now() + 10_000);
    clock.advance(5_000);
    const first =
      facts[0] !== undefined && 'position' in facts[0] && facts[0].position === 1 ? third : fourth;
    await seen(log, first.id, ({ type }) => type === 'step.completed');
    const other = first === third ? fourth : third;
    expect((await historyOf(log, other.id)).map(({ type }) => type)).not.toContain('step.started');
    clock.advance(5_000);
    await seen(log, other.id, ({ type }) => type === 'step.completed');
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('is one for each value of its key, of which only a hash is kept', async () => {
    const { log, nodes } = await openNodes();
    const [a, b] = nodes;
    await a.run(KEYED, { customer: 'ann@example.org' });
    const other = await b.run(KEYED, { customer: 'bob@example.org' });
    expect(other.state.status).toBe('completed');
    const { id } = await b.start(KEYED, { customer: 'ann@example.org' });
    const { facts } = await seen(log, id, ({ type }) => type === 'step.queued');
    expect(facts).toMatchObject({ gate: 'rate_limit', position: 1, of: 1 });
    expect(JSON.stringify(facts)).not.toContain('example.org');
  });

  it('fails the step whose key cannot be had, and calls nothing', async () => {
    const { nodes } = await openNodes();
    const { state, types } = await nodes[0].run(KEYED, { nobody: true });
    expect(state.failure?.error.type).toBe('ExpressionError');
    expect(types).not.toContain('step.started');
  });

  it('lets no more through after a restart, at which those that wait ask anew', async () => {
    const { log, clock, nodes } = await openNodes();
    const [a, b] = nodes;
    await a.run(YAML);
    await a.run(YAML);
    const { id } = await a.start(YAML);
    await seen(log, id, ({ type }) => type === 'step.queued');
    const stopped = a.engine.drain(0);
    clock.advance(0);
    await stopped;
    await b.engine.resume(id);
    await clock.armed(clock.now() + 10_000);
    clock.advance(10_000);
    const { types } = await b.end(id);
    expect(types.filter((type) => type === 'step.queued')).toHaveLength(1);
  });
});
