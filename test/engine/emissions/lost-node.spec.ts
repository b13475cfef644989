import { describe, expect, it, onTestFinished } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import type { ExecutionStarted } from '../../../src/domain/execution/events.ts';
import { executionIdOf } from '../../../src/domain/uuid.ts';
import { START, type EventLog } from '../../../src/ports/event-log.ts';
import type { ReadModels } from '../../../src/ports/read-models.ts';
import { temporaryReadModels } from '../../adapters/sqlite/temporary-read-models.ts';
import { openCommands } from '../../commands/commands.ts';
import { CALLER, sourceOf } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';
import { createOpenEmissions } from '../../../src/engine/emissions/open-emissions.ts';
import { openCoreOn } from './open-core.ts';

const on = (workflow: string, conditions = '{}', step = 'work'): string =>
  `workflow: ${workflow}\ntrigger: { event: happened, conditions: ${conditions} }\nactivities: [{ name: ${step} }]\n`;

const NEVER = new Promise<never>(() => undefined);

/** A log that is there until so many commits of an emission are durable: then its node is gone, and nothing is answered any more. */
const dyingAfter = (log: EventLog, commits: number) => {
  const dead = Promise.withResolvers<void>();
  let left = commits;
  const append: EventLog['append'] = async (commit) => {
    if (/^(event|execution|trigger|gathering)-/.test(commit.stream)) {
      left -= 1;
      if (left < 0) {
        dead.resolve();
        return NEVER;
      }
      await log.append(commit);
      if (left > 0) return { position: await log.end() };
      dead.resolve();
      return NEVER;
    }
    return log.append(commit);
  };
  return { log: { ...log, append }, dead: dead.promise };
};

/** Lets a node work for a caller who hears of it no more, and gives up waiting for the dead log in the end. */
const unheard = (emitting: Promise<unknown>): void => void emitting.catch(() => undefined);

const wholeLog = async (log: EventLog): Promise<readonly RecordedEvent[]> => {
  const { signal } = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const { events, caughtUp } of log.subscribe({ after: START, signal })) {
    found.push(...events);
    if (caughtUp) break;
  }
  return found;
};

const startedIn = (events: readonly RecordedEvent[]) =>
  events
    .filter(({ type }) => type === 'execution.started')
    .map(({ facts, stream }) => ({ ...(facts as ExecutionStarted['facts']), stream }))
    .map(({ workflow, definition, stream }) => ({ workflow, definition, stream }))
    .sort((a, b) => a.workflow.localeCompare(b.workflow));

const stores = async () => {
  const log = await temporaryLog();
  const { readModels, close } = await temporaryReadModels();
  onTestFinished(close);
  return { log, readModels };
};

/** A node emits an event that starts two workflows of three, and is gone after so many commits of that. */
const lose = async (log: EventLog, readModels: ReadModels, commits: number) => {
  const dying = dyingAfter(log, commits);
  const { core, emit } = openCoreOn({ log: dying.log, readModels });
  onTestFinished(() => core.projector.stop());
  await core.start();
  const register = async (yaml: string) =>
    (await core.definitions.register(sourceOf(yaml), CALLER)).definition;
  const pinned = {
    first: await register(on('first')),
    second: await register(on('second', '{ level: 1 }')),
  };
  await register(on('third', '{ level: 2 }'));
  unheard(emit('happened', { level: 1 }));
  await dying.dead;
  return pinned;
};

const restart = async (log: EventLog, readModels: ReadModels) => {
  const again = openCoreOn({ log, readModels });
  onTestFinished(() => again.core.close());
  await again.core.start();
  return again;
};

describe('a node that is gone while it accepts an event', () => {
  it('before that is durable has accepted nothing', async () => {
    const { log, readModels } = await stores();
    await lose(log, readModels, 0);
    await restart(log, readModels);
    const events = await wholeLog(log);
    expect(events.filter(({ stream }) => /^(event|execution)-/.test(stream))).toEqual([]);
  });

  it.each([1, 2, 3])('after commit %i of it has started everything once it is back', async (commits) => {
    const { log, readModels } = await stores();
    const pinned = await lose(log, readModels, commits);
    // Others listen by now, and what listened is another: the event means what it meant.
    const meanwhile = await openCommands({ log });
    await meanwhile.register(on('first', '{ level: 2 }', 'other'), CALLER);
    await meanwhile.register(on('fourth'), CALLER);
    await restart(log, readModels);
    const events = await wholeLog(log);
    const emitted = events.find(({ type }) => type === 'event.emitted');
    const streamOf = (workflow: string) =>
      `execution-${executionIdOf(workflow, emitted?.stream.slice('event-'.length) ?? '')}`;
    expect(startedIn(events)).toEqual([
      { workflow: 'first', definition: pinned.first, stream: streamOf('first') },
      { workflow: 'second', definition: pinned.second, stream: streamOf('second') },
    ]);
    const { actor, tenant } = emitted?.commit.metadata ?? {};
    for (const { type, commit, payload } of events) {
      if (type !== 'execution.started') continue;
      expect(commit.metadata).toMatchObject({ actor, tenant });
      expect(JSON.parse(payload ?? '')).toMatchObject({ input: null, event: { level: 1 } });
    }
  });

  it.each([1, 2, 3])(
    'after commit %i of it has started one of those that run one at a time',
    async (commits) => {
      const { log, readModels } = await stores();
      const dying = dyingAfter(log, commits);
      const { core, emit } = openCoreOn({ log: dying.log, readModels });
      onTestFinished(() => core.projector.stop());
      await core.start();
      const one =
        'workflow: one\ntrigger: { event: happened, singleton: true }\nactivities: [{ name: work, wait: { signal: go } }]\n';
      await core.definitions.register(sourceOf(one), CALLER);
      unheard(emit('happened'));
      await dying.dead;
      const again = await restart(log, readModels);
      const [started, ...more] = startedIn(await wholeLog(log));
      expect(more).toEqual([]);
      const { executions, skipped } = await again.emit('happened');
      expect(executions).toEqual([]);
      expect(skipped.map(({ running }) => `execution-${running}`)).toEqual([started?.stream]);
    },
  );

  it.each<readonly [number, string, readonly (readonly unknown[])[]]>([
    [1, 'batch: { size: 1, timeout: 1h }', [['first']]],
    [2, 'batch: { size: 1, timeout: 1h }', [['first']]],
    [3, 'batch: { size: 1, timeout: 1h }', [['first']]],
    [1, 'batch: { size: 9, timeout: 300ms }', [['first']]],
    [2, 'batch: { size: 9, timeout: 300ms }', [['first']]],
    [3, 'batch: { size: 9, timeout: 300ms }', [['first']]],
    [4, 'batch: { size: 9, timeout: 300ms }', [['first']]],
  ])('after commit %i of it starts what it has gathered: %s', async (commits, how, runs) => {
    const { log, readModels } = await stores();
    const dying = dyingAfter(log, commits);
    const { core, emit } = openCoreOn({ log: dying.log, readModels });
    onTestFinished(() => core.projector.stop());
    await core.start();
    const many = `workflow: many\ntrigger: { event: happened, ${how} }\nactivities: [{ name: work, wait: { signal: go } }]\n`;
    await core.definitions.register(sourceOf(many), CALLER);
    unheard(emit('happened', 'first'));
    await dying.dead;
    const again = await restart(log, readModels);
    const startsIn = async () =>
      (await wholeLog(log))
        .filter(({ type }) => type === 'execution.started')
        .map(({ payload }) => (JSON.parse(payload ?? '') as ExecutionStarted['payload']).events);
    await expect.poll(startsIn, { timeout: 30_000 }).toEqual(runs);
    await again.core.close();
    const third = await restart(log, readModels);
    await third.core.viewsCaughtUp();
    expect(await startsIn()).toEqual(runs);
  });

  it('has told what it does not start, and looks no further back than that', async () => {
    const { log, readModels } = await stores();
    const first = openCoreOn({ log, readModels });
    await first.core.start();
    const one =
      'workflow: one\ntrigger: { event: happened, singleton: true }\nactivities: [{ name: work, wait: { signal: go } }]\n';
    await first.core.definitions.register(sourceOf(one), CALLER);
    await first.emit('happened');
    await first.emit('happened');
    const open = createOpenEmissions(START);
    for (const event of await wholeLog(log)) open.see(event);
    expect(open.list()).toEqual([]);
    await first.core.close();
  });

  it('has started everything also when the views, and how far all was settled with them, are lost', async () => {
    const { log, readModels } = await stores();
    await lose(log, readModels, 1);
    const { readModels: empty, close } = await temporaryReadModels();
    onTestFinished(close);
    await restart(log, empty);
    expect(startedIn(await wholeLog(log)).map(({ workflow }) => workflow)).toEqual(['first', 'second']);
  });

  it('looks no further back than to what was settled', async () => {
    const { log, readModels } = await stores();
    const first = openCoreOn({ log, readModels });
    await first.core.start();
    await first.core.definitions.register(sourceOf(on('first')), CALLER);
    const { position } = await first.emit('happened');
    // What nobody emits about is settled as the views come to it.
    await first.core.viewsCaughtUp();
    await first.core.close();
    const asked: bigint[] = [];
    const subscribe: EventLog['subscribe'] = (options) => {
      if (options.filter?.types !== undefined) asked.push(options.after);
      return log.subscribe(options);
    };
    await log.append(await aCommit(log));
    await restart({ ...log, subscribe }, readModels);
    expect(asked).toEqual([position]);
  });
});

/** Something that happens to the log besides. */
const aCommit = async (log: EventLog) => {
  let sealed: Parameters<EventLog['append']>[0] | undefined;
  const append: EventLog['append'] = async (commit) => {
    sealed = commit;
    return { position: 0n };
  };
  const { register } = await openCommands({ log: { ...log, append } });
  await register('workflow: besides\nactivities: [{ name: work }]\n');
  if (sealed === undefined) throw new Error('Expected a commit, but there is none.');
  return sealed;
};
