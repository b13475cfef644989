import { describe, expect, it } from 'vitest';
import { gatheredIdOf } from '../../../src/domain/uuid.ts';
import { handClock } from '../../spec/clock.ts';
import { recordedOf, seen } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { openGathering, storyUntil } from './gathering.ts';

const many = (how: string): string =>
  `workflow: many\ntrigger: { event: happened, ${how} }\nactivities: [{ name: rest, wait: { signal: go } }]\n`;

const RELEASED = 'trigger.released';
const STARTED = ({ type }: { readonly type: string }) => type === 'execution.started';

const open = async (how: string) => {
  const log = await temporaryLog();
  const clock = handClock();
  const node = openGathering({ log, clock });
  await node.register(many(how));
  return { log, clock, node, at: clock.now() };
};

describe('what is gathered', () => {
  it('is started when it is due, with one timer however many events came', async () => {
    const { log, clock, node, at } = await open('debounce: { for: 30s }');
    await node.emit(1);
    clock.advance(20_000);
    await node.emit(2);
    await node.emit(3);
    expect(clock.due).toEqual([at + 30_000]);
    clock.advance(10_000);
    await clock.armed(at + 50_000);
    expect(clock.due).toEqual([at + 50_000]);
    clock.advance(20_000);
    expect(await storyUntil(log, RELEASED)).toEqual([1, 2, 3, 'due']);
    await seen(log, gatheredIdOf('many', '', 0), STARTED);
    const [first] = await recordedOf(log, gatheredIdOf('many', '', 0));
    expect(JSON.parse(first?.payload ?? '')).toMatchObject({ event: 3 });
    expect(clock.due).toEqual([]);
  });

  it('is started with all that there is, though that is not enough', async () => {
    const { log, clock, node } = await open('batch: { size: 5, timeout: 10s }');
    await node.emit(1);
    clock.advance(9_000);
    await node.emit(2);
    clock.advance(1_000);
    await seen(log, gatheredIdOf('many', '', 0), STARTED);
    const [first] = await recordedOf(log, gatheredIdOf('many', '', 0));
    expect(JSON.parse(first?.payload ?? '')).toMatchObject({ events: [1, 2] });
  });

  it('is nothing any more once it is full', async () => {
    const { log, clock, node, at } = await open('batch: { size: 2, timeout: 10s }');
    await node.emit(1);
    await node.emit(2);
    clock.advance(5_000);
    await node.emit(3);
    // The timer of the first batch finds the second, which has more time.
    clock.advance(5_000);
    await clock.armed(at + 15_000);
    expect(await storyUntil(log, 'trigger.gathered')).toEqual([1, 2, 'full', 1]);
  });

  it('is started once where several nodes look after it at the same time', async () => {
    const { log, clock, node, at } = await open('debounce: { for: 30s }');
    const others = [2, 3].map((space) => openGathering({ log, clock, space }));
    for (const { definitions, gatherer } of others) {
      await definitions.preload(['many']);
      gatherer.arm('many', at + 30_000);
    }
    await node.emit(1);
    clock.advance(30_000);
    const id = gatheredIdOf('many', '', 0);
    await seen(log, id, STARTED);
    await Promise.all([node, ...others].map(({ gatherer }) => gatherer.close()));
    expect(await storyUntil(log, RELEASED)).toEqual([1, 'due']);
    expect((await recordedOf(log, id)).filter(STARTED)).toHaveLength(1);
  });
});

describe('what another node has gathered', () => {
  const owning = () => {
    const isMine = { owns: false, takes: false };
    return {
      isMine,
      owned: {
        owns: () => isMine.owns,
        holds: () => isMine.takes,
        takes: () => isMine.takes,
        whenHeld: () => Promise.resolve(isMine.owns),
      },
    };
  };

  it('is left to whoever has it', async () => {
    const log = await temporaryLog();
    const clock = handClock();
    const { owned, isMine } = owning();
    const node = openGathering({ log, clock, owned });
    await node.register(many('debounce: { for: 30s }'));
    await node.emit(1);
    expect(clock.due).toEqual([]);
    Object.assign(isMine, { owns: true, takes: true });
    node.gatherer.arm('many', clock.now() + 30_000);
    expect(clock.due).toHaveLength(1);
    node.gatherer.forsake(() => true);
    expect(clock.due).toEqual([]);
  });

  it('is started by the node that it has come to, late as that may be', async () => {
    const log = await temporaryLog();
    const clock = handClock();
    const { owned, isMine } = owning();
    const node = openGathering({ log, clock, owned });
    await node.register(many('debounce: { for: 30s }'));
    await node.emit(1);
    clock.advance(60_000);
    Object.assign(isMine, { owns: true, takes: true });
    node.gatherer.arm('many', clock.now());
    clock.advance(0);
    expect(await seen(log, gatheredIdOf('many', '', 0), STARTED)).toMatchObject({ payload: { event: 1 } });
  });
});
