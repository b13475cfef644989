import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createListeners } from '../../src/projections/listeners.ts';
import type { ProjectionProgress } from '../../src/projections/projector.ts';
import { createTurns } from '../../src/projections/turns.ts';

const progress: readonly ProjectionProgress[] = [
  { name: 'tally', version: 1, generation: 1, position: 1n, state: 'running', changed: [] },
];

describe('listeners', () => {
  it('are all told the same', () => {
    const listeners = createListeners();
    const told: unknown[] = [];
    listeners.add((all) => told.push(['first', all]));
    listeners.add((all) => told.push(['second', all]));
    listeners.tell(progress);
    expect(told).toEqual([
      ['first', progress],
      ['second', progress],
    ]);
  });

  it('are told as often as they were added, until they are taken away as often', () => {
    const listeners = createListeners();
    let told = 0;
    const listener = () => (told += 1);
    const letGo = [listeners.add(listener), listeners.add(listener)];
    listeners.tell(progress);
    letGo[0]?.();
    letGo[0]?.();
    listeners.tell(progress);
    letGo[1]?.();
    listeners.tell(progress);
    expect(told).toBe(3);
  });

  it('may let go while they are told', () => {
    const listeners = createListeners();
    let told = 0;
    const letGo = listeners.add(() => {
      told += 1;
      letGo();
    });
    listeners.add(() => (told += 10));
    listeners.tell(progress);
    listeners.tell(progress);
    expect(told).toBe(21);
  });

  it('that throw keep nothing from the others, and are heard of by the process', async () => {
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    onTestFinished(() => {
      for (const other of others) process.on('uncaughtException', other);
    });
    const listeners = createListeners();
    let told = 0;
    const fault = new Error('It went wrong.');
    listeners.add(() => {
      throw fault;
    });
    listeners.add(() => (told += 1));
    const uncaught = once(process, 'uncaughtException');
    listeners.tell(progress);
    expect(told).toBe(1);
    expect((await uncaught)[0]).toBe(fault);
  });
});

describe('turns', () => {
  it('let one work at a time, in the order in which they came', async () => {
    const turns = createTurns();
    const said: string[] = [];
    const work = (name: string) =>
      turns(async () => {
        said.push(`${name} begins`);
        await Promise.resolve();
        said.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([work('a'), work('b'), work('c')])).toEqual(['a', 'b', 'c']);
    expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('go on behind one that failed, which alone hears of it', async () => {
    const turns = createTurns();
    const fault = new Error('It went wrong.');
    const failed = turns(() => Promise.reject(fault));
    const next = turns(() => Promise.resolve('next'));
    await expect(failed).rejects.toBe(fault);
    expect(await next).toBe('next');
  });
});
