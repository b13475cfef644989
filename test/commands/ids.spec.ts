import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemIds } from '../../src/adapters/system/ids.ts';
import { eventId } from '../../src/domain/chain.ts';
import { emittedEventIdOf, executionIdOf, uuidOf } from '../../src/domain/uuid.ts';
import { openCommands, WAITING } from './commands.ts';
import { UUID_V5, UUID_V7 } from './stored.ts';

const TRIGGERED = WAITING.replace('workflow: waiting', 'workflow: triggered\ntrigger: { event: happened }');

describe('the id that a key gives', () => {
  test('an execution is this one for ever, in every process', async () => {
    expect(executionIdOf('waiting', 'order-7')).toBe('343e1abe-554c-55d3-a424-a28219750694');
    expect(executionIdOf('a_workflow', 'ключ 🔑')).toBe('2534a085-edf9-554d-8ace-d0388b162621');
    const { register, startExecution } = await openCommands();
    await register(WAITING);
    expect(await startExecution('waiting', null, 'order-7')).toMatchObject({
      executionId: '343e1abe-554c-55d3-a424-a28219750694',
    });
  });

  test('an event, and by its id what it starts, are these for ever', async () => {
    expect(emittedEventIdOf('happened', 'order-7')).toBe('ea5fa54d-ac9b-5c0d-ab2c-c053bf5a9e2f');
    const { register, emit } = await openCommands();
    await register(TRIGGERED);
    expect(await emit('happened', null, 'order-7')).toMatchObject({
      eventId: 'ea5fa54d-ac9b-5c0d-ab2c-c053bf5a9e2f',
      executions: [{ executionId: '04517bfa-501c-5500-97a6-25962a15509b' }],
    });
  });

  test('has the form of a UUIDv5, and is another one for another name or key', () => {
    const name = fc.oneof(fc.constant('a'), fc.stringMatching(/^[a-z][a-z0-9_:.-]{0,30}$/));
    const key = fc.oneof(fc.constant('a'), fc.string({ minLength: 1, unit: 'grapheme' }));
    fc.assert(
      fc.property(name, key, name, key, (first, firstKey, second, secondKey) => {
        const id = executionIdOf(first, firstKey);
        expect(id).toMatch(UUID_V5);
        expect(emittedEventIdOf(first, firstKey)).not.toBe(id);
        expect(executionIdOf(second, secondKey) === id).toBe(first === second && firstKey === secondKey);
      }),
    );
  });

  test('is that of its space: an execution and an event never share one', () => {
    expect(uuidOf('execution', 'a\nb')).toBe(executionIdOf('a', 'b'));
    expect(uuidOf('event', 'a\nb')).toBe(emittedEventIdOf('a', 'b'));
    expect(uuidOf('event', 'a\nb')).not.toBe(uuidOf('execution', 'a\nb'));
  });
});

describe('an id without a key', () => {
  test('is a UUIDv7, and later ones are greater', async () => {
    const { register, startExecution, emit } = await openCommands({ ids: systemIds() });
    await register(WAITING);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      ids.push((await startExecution('waiting')).executionId);
      ids.push((await emit('nothing')).eventId);
    }
    for (const id of ids) expect(id).toMatch(UUID_V7);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(6);
  });
});

describe('the id of an event', () => {
  const command = '0199a8f2-6f00-7abc-8def-0123456789ab';

  test('comes from its command and its revision only', () => {
    expect(eventId(command, 0)).toBe('0199a8f2-6f00-8abc-8def-012345600000');
    expect(eventId(command, 1)).toBe('0199a8f2-6f00-8abc-8def-012345600001');
    expect(eventId(command, 0xfffff)).toBe('0199a8f2-6f00-8abc-8def-0123456fffff');
  });

  test('is another one for another command of the server, or another revision', () => {
    const ids = systemIds();
    const made = Array.from({ length: 5_000 }, () => ids.next());
    expect(new Set(made.map((id) => eventId(id, 3))).size).toBe(made.length);
    expect(new Set(made.map((_, revision) => eventId(command, revision))).size).toBe(made.length);
  });
});
