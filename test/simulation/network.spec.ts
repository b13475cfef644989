import { describe, expect, it } from 'vitest';
import { LogUnavailable } from '../../src/ports/event-log.ts';
import { createLink } from './network.ts';
import { createRandom } from './random.ts';
import { virtualClock } from './virtual-clock.ts';
import { calm, type Weather } from './weather.ts';

const open = (change: Partial<Weather> = {}, seed = 'network') => {
  const clock = virtualClock();
  const traced: string[] = [];
  const link = createLink({
    weather: { ...calm(), ...change },
    clock: clock.owned('link'),
    gate: { pass: (_heard, work) => work() },
    random: createRandom(seed),
    trace: (line) => traced.push(line),
  });
  const arrived: number[] = [];
  const send = (n: number, lane?: string): Promise<number> =>
    link.send({
      service: 'log',
      about: `${n}`,
      ...(lane === undefined ? {} : { lane }),
      carryOut: () => arrived.push(n),
      unavailable: (message) => new LogUnavailable(message),
    });
  const pass = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (clock.step());
  };
  return { clock, link, send, pass, arrived, traced };
};

const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_, n) => n);

describe('a link', () => {
  it('keeps the order of a lane, however long each request takes, and of no other', async () => {
    const { send, pass, arrived } = open({ slow: 0.7, slowest: 50 });
    const all = numbers.map((n) => send(n, `lane ${n % 2}`));
    await pass();
    await Promise.all(all);
    const even = numbers.filter((n) => n % 2 === 0);
    expect(arrived.filter((n) => n % 2 === 0)).toEqual(even);
    expect(arrived).not.toEqual(numbers);
  });

  it('answers each request once, whatever becomes of it, and carries it out as its fate says', async () => {
    const { send, pass, arrived, traced } = open({ faults: 0.5 });
    const settled = Promise.allSettled(numbers.map((n) => send(n)));
    await pass();
    const answers = await settled;
    const fates = new Map(traced.map((line) => [Number(line.split(/[ :]+/)[1]), line.split(': ')[1]]));
    expect(new Set(fates.values())).toEqual(new Set(['lost', 'unanswered', 'late', 'twice']));
    const times = { fine: 1, lost: 0, unanswered: 1, late: 1, twice: 2 } as Readonly<Record<string, number>>;
    for (const [n, { status }] of answers.entries()) {
      const fate = fates.get(n) ?? 'fine';
      expect([n, status]).toEqual([n, fate === 'fine' || fate === 'twice' ? 'fulfilled' : 'rejected']);
      expect([n, arrived.filter((one) => one === n).length]).toEqual([n, times[fate]]);
    }
  });

  it('lets nothing in or out once it is cut; what was under way arrived then or never does', async () => {
    const { link, send, pass, arrived, clock } = open({ slow: 1, slowest: 50 });
    let answered = 0;
    const count = () => (answered += 1);
    for (const n of numbers) void send(n).then(count, count);
    link.cut();
    const then = arrived.length;
    expect(then).toBeGreaterThan(0);
    expect(then).toBeLessThan(COUNT);
    void send(COUNT).then(count, count);
    await pass();
    expect([arrived.length, answered, clock.armed()]).toEqual([then, 0, []]);
  });
});
