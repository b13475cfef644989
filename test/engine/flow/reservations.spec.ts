import { describe, expect, it } from 'vitest';
import type { Needs } from '../../../src/domain/flow/resources.ts';
import { createReservations, type WaitsForResource } from '../../../src/engine/flow/reservations.ts';

const open = () => {
  const over = new AbortController();
  const reservations = createReservations({ node: 'n1', cpu: 2_000, memory: 1_024 }, over.signal);
  const inside: string[] = [];
  const told: Record<string, WaitsForResource> = {};
  const asks = new Map<string, { readonly who: object; readonly drop: AbortController }>();
  /** Asks, and resolves once that is answered, or once it waits. */
  const ask = async (name: string, needs: Needs): Promise<void> => {
    const one = asks.get(name) ?? { who: { name }, drop: new AbortController() };
    asks.set(name, one);
    const waits = Promise.withResolvers<void>();
    const entered = reservations.enter(one.who, needs, one.drop.signal, async (place) => {
      told[name] = place;
      waits.resolve();
    });
    const answered = entered.then((passed) => passed !== undefined && inside.push(name));
    await Promise.race([answered, waits.promise]);
  };
  const leave = (name: string): void => reservations.leave(asks.get(name)?.who ?? {});
  const drop = (name: string): void => asks.get(name)?.drop.abort();
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { over, reservations, inside, told, ask, leave, drop, settled };
};

describe('what calls take of a node', () => {
  it('is reserved as long as there is as much, and says how much that is', async () => {
    const { reservations } = open();
    const enter = (needs: Needs) =>
      reservations.enter({}, needs, new AbortController().signal, () => Promise.reject(new Error('waits')));
    expect(await enter({ cpu: 500, memory: 256 })).toEqual([
      { gate: 'cpu', key: 'n1', count: 500, of: 2_000, needs: 500 },
      { gate: 'memory', key: 'n1', count: 256, of: 1_024, needs: 256 },
    ]);
    expect(await enter({ cpu: 1_500 })).toEqual([
      { gate: 'cpu', key: 'n1', count: 2_000, of: 2_000, needs: 1_500 },
    ]);
    await expect(enter({ cpu: 1 })).rejects.toThrow('waits');
    expect(await enter({ memory: 768 })).toMatchObject([{ count: 1_024 }]);
  });

  it('is nothing of somebody who could not be told that he waits', async () => {
    const { reservations, ask, leave, inside, settled } = open();
    await ask('a', { cpu: 2_000 });
    const failing = reservations.enter({}, { cpu: 2_000 }, new AbortController().signal, () =>
      Promise.reject(new Error('no log')),
    );
    await expect(failing).rejects.toThrow('no log');
    leave('a');
    await ask('b', { cpu: 2_000 });
    await settled();
    expect(inside).toEqual(['a', 'b']);
  });

  it('goes by the order in which they came: small ones do not pass a large one for ever', async () => {
    const { ask, leave, inside, told, settled } = open();
    for (const name of ['a', 'b']) await ask(name, { cpu: 1_000 });
    await ask('large', { cpu: 2_000 });
    await ask('c', { cpu: 1_000 });
    expect(told['large']).toEqual({ gate: 'cpu', position: 1, of: 1, needs: 2_000, capacity: 2_000 });
    expect(told['c']).toEqual({ gate: 'cpu', position: 2, of: 2, needs: 1_000, capacity: 2_000 });
    leave('a');
    await settled();
    expect(inside).toEqual(['a', 'b']);
    leave('b');
    await settled();
    expect(inside).toEqual(['a', 'b', 'large']);
    leave('large');
    await settled();
    expect(inside).toEqual(['a', 'b', 'large', 'c']);
  });

  it('goes past those who want nothing of it, and keeps for them what they want', async () => {
    const { ask, leave, inside, told, settled } = open();
    await ask('a', { cpu: 2_000 });
    await ask('cores', { cpu: 1_000 });
    await ask('memory', { memory: 512 });
    await ask('both', { cpu: 500, memory: 512 });
    await ask('more memory', { memory: 256 });
    expect(inside).toEqual(['a', 'memory']);
    expect(told['both']).toMatchObject({ gate: 'cpu', position: 2 });
    expect(told['more memory']).toMatchObject({ gate: 'memory', position: 3 });
    leave('a');
    await settled();
    expect(inside).toEqual(['a', 'memory', 'cores', 'both']);
    leave('memory');
    await settled();
    expect(inside.at(-1)).toBe('more memory');
  });

  it('is not taken by who comes later though it is free, while somebody waits for something else', async () => {
    const { ask, leave, inside, settled } = open();
    await ask('a', { cpu: 1_000 });
    await ask('b', { memory: 1_024 });
    await ask('large', { cpu: 2_000 });
    await ask('small', { cpu: 500 });
    await ask('memory', { memory: 512 });
    expect(inside).toEqual(['a', 'b']);
    leave('a');
    await settled();
    expect(inside).toEqual(['a', 'b', 'large']);
  });

  it('is waited for aside where it is more than there is, and holds up nobody', async () => {
    const { ask, drop, inside, told, settled } = open();
    await ask('too large', { cpu: 500, memory: 4_096 });
    expect(told['too large']).toEqual({
      gate: 'memory',
      position: 1,
      of: 1,
      needs: 4_096,
      capacity: 1_024,
    });
    await ask('a', { cpu: 2_000, memory: 1_024 });
    expect(inside).toEqual(['a']);
    drop('too large');
    await settled();
    expect(inside).toEqual(['a']);
  });

  it('is free for the next when somebody waits no more, or is let in and not wanted any more', async () => {
    const { ask, drop, leave, inside, settled } = open();
    await ask('a', { cpu: 2_000 });
    await ask('b', { cpu: 2_000 });
    await ask('c', { cpu: 2_000 });
    drop('b');
    leave('a');
    // It has what it asked for, and has not been told yet.
    drop('c');
    await ask('d', { cpu: 2_000 });
    await settled();
    expect(inside).toEqual(['a', 'd']);
  });

  it('is reserved once for somebody who asks again', async () => {
    const { ask, inside, leave, settled } = open();
    await ask('a', { cpu: 1_000 });
    await ask('a', { cpu: 1_000 });
    await ask('b', { cpu: 1_000 });
    leave('a');
    await ask('c', { cpu: 1_000 });
    await settled();
    expect(inside).toEqual(['a', 'a', 'b', 'c']);
  });

  it('is waited for by nobody once the node stops', async () => {
    const { ask, over, inside, settled } = open();
    await ask('a', { cpu: 2_000 });
    await ask('b', { cpu: 2_000 });
    over.abort();
    await ask('c', { cpu: 1 });
    await settled();
    expect(inside).toEqual(['a']);
  });
});
