import { describe, expect, test } from 'vitest';
import { faultyLog } from '../spec/faulty-log.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands } from './commands.ts';

const on = (workflow: string, event: string) =>
  `workflow: ${workflow}\ntrigger: { event: ${event} }\nactivities: [{ name: work }]\n`;
const steps = (n: number) =>
  `workflow: stepped\nactivities: [${Array.from({ length: n }, (_, i) => `{ name: s${i} }`).join(', ')}]\n`;

describe('definitions', () => {
  test('are found by their hash for ever, the latest by the name', async () => {
    const { register, definitions } = await openCommands();
    const [first, second] = [await register(steps(1)), await register(steps(2))];
    expect((await definitions.get('stepped', first.definition)).steps).toHaveLength(1);
    expect((await definitions.get('stepped', second.definition)).steps).toHaveLength(2);
    expect((await definitions.startable('stepped')).hash).toBe(second.definition);
  });

  test('of another process are read from the log', async () => {
    const { register, log } = await openCommands();
    const [first, second] = [await register(steps(1)), await register(steps(2))];
    const other = await openCommands({ log });
    expect((await other.definitions.get('stepped', first.definition)).steps).toHaveLength(1);
    expect((await other.definitions.startable('stepped')).hash).toBe(second.definition);
  });

  test('are compiled once, and the log is not asked again', async () => {
    const log = faultyLog(await temporaryLog());
    const { register, definitions } = await openCommands({ log });
    const { definition } = await register(steps(1));
    log.fail('read', 'before');
    const found = await definitions.startable('stepped');
    expect(await definitions.startable('stepped')).toBe(found);
    expect(await definitions.get('stepped', definition)).toBe(found);
    expect(log.met).toBe(0);
  });

  test('that there are none of are refused, with the name that was asked for', async () => {
    const { register, definitions } = await openCommands();
    await register(steps(1));
    await expect(definitions.startable('nobody')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected the name of a registered workflow, but there is none called "nobody".',
      details: { field: 'workflow', found: 'nobody', expected: 'the name of a registered workflow' },
    });
    await expect(definitions.get('stepped', 'sha256:0')).rejects.toMatchObject({
      code: 'WORKFLOW_NOT_FOUND',
      message: 'Expected a version of "stepped" with the hash sha256:0, but there is none.',
      details: {
        field: 'workflow',
        found: 'stepped',
        expected: 'a workflow of which a version has the hash sha256:0',
      },
    });
  });

  test('of a name that was asked for too early are found once they are registered', async () => {
    const { register, definitions } = await openCommands();
    await expect(definitions.startable('stepped')).rejects.toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
    expect(await definitions.triggeredBy('one')).toEqual([]);
    const { definition } = await register(steps(1));
    expect((await definitions.startable('stepped')).hash).toBe(definition);
  });
});

describe('what an event triggers', () => {
  const namesOf = (definitions: readonly { readonly workflow: string }[]) =>
    definitions.map(({ workflow }) => workflow).sort();

  test('are the latest versions of all workflows that name it', async () => {
    const { register, definitions } = await openCommands();
    for (const yaml of [on('a', 'one'), on('b', 'one'), on('c', 'two'), steps(1)]) await register(yaml);
    expect(namesOf(await definitions.triggeredBy('one'))).toEqual(['a', 'b']);
    expect(namesOf(await definitions.triggeredBy('two'))).toEqual(['c']);
    expect(await definitions.triggeredBy('three')).toEqual([]);
    expect(await definitions.triggeredBy('')).toHaveLength(1);
  });

  test('changes with a version that names another', async () => {
    const { register, definitions } = await openCommands();
    await register(on('a', 'one'));
    expect(namesOf(await definitions.triggeredBy('one'))).toEqual(['a']);
    await register(on('a', 'two'));
    expect(await definitions.triggeredBy('one')).toEqual([]);
    expect(namesOf(await definitions.triggeredBy('two'))).toEqual(['a']);
  });

  test('of workflows of an earlier process are known once these are in memory', async () => {
    const { register, log } = await openCommands();
    await register(on('a', 'one'));
    await register(on('b', 'one'));
    const { definitions } = await openCommands({ log, complete: false });
    const found = definitions.triggeredBy('one');
    await definitions.preload(['a', 'b']);
    definitions.complete();
    expect(namesOf(await found)).toEqual(['a', 'b']);
  });

  test('is not answered while a workflow that should be there cannot be read', async () => {
    const log = faultyLog(await temporaryLog());
    await (await openCommands({ log })).register(on('a', 'one'));
    const { definitions } = await openCommands({ log, complete: false });
    let answered = false;
    const found = definitions.triggeredBy('one').finally(() => (answered = true));
    log.fail('read', 'before');
    await expect(definitions.preload(['a'])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(answered).toBe(false);
    expect(await definitions.preload(['nobody', 'a'])).toEqual([
      { workflow: 'nobody', error: expect.objectContaining({ code: 'WORKFLOW_NOT_FOUND' }) },
    ]);
    definitions.complete();
    expect(namesOf(await found)).toEqual(['a']);
  });
});

describe('all workflows', () => {
  test('are known once those of an earlier process are in memory, and not before', async () => {
    const { register, log } = await openCommands();
    await register(on('a', 'one'));
    const { definitions } = await openCommands({ log, complete: false });
    const known = definitions.known().then(() => definitions.names());
    const one = definitions.known('a').then(() => definitions.names());
    await definitions.preload(['a']);
    await register(on('b', 'one'));
    expect(await Promise.race([known, one, Promise.resolve('not yet')])).toBe('not yet');
    definitions.complete();
    expect(await Promise.all([known, one])).toEqual([['a'], ['a']]);
    await definitions.known('b');
    expect(definitions.names().toSorted()).toEqual(['a', 'b']);
    await definitions.known('nobody');
    expect(definitions.names()).toHaveLength(2);
  });

  test('are not said to be known by a server that stops before', async () => {
    const { definitions } = await openCommands({ complete: false });
    const known = definitions.known('a');
    definitions.close();
    await expect(known).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
