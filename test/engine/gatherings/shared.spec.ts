import { describe, expect, it } from 'vitest';
import { emit } from '../../../src/commands/emit.ts';
import type { RecordedEvent } from '../../../src/domain/event.ts';
import { START, type EventLog } from '../../../src/ports/event-log.ts';
import { openSharingNode, type SharingNode } from '../../sharing-nodes.ts';
import { CALLER, sourceOf } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const PATIENT = { timeout: 30_000 };
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const register = ({ core }: SharingNode, how: string) =>
  core.definitions.register(
    sourceOf(
      `workflow: many\ntrigger: { event: happened, ${how} }\nactivities: [{ name: rest, wait: { signal: go } }]\n`,
    ),
    CALLER,
  );

const emitOn = ({ core }: SharingNode, key: string, n: number) => {
  const { definitions, emissions, engine } = core;
  const event = { type: 'happened', payload: { key, n }, idempotencyKey: undefined, caller: CALLER };
  return emit({ definitions, emissions, executions: engine.executions }, event);
};

/** What all executions were started with, by key. */
const startedWith = async (log: EventLog): Promise<readonly string[]> => {
  const found: RecordedEvent[] = [];
  const { signal } = new AbortController();
  const filter = { types: ['execution.started'] };
  for await (const { events, caughtUp } of log.subscribe({ after: START, filter, signal })) {
    found.push(...events);
    if (caughtUp) break;
  }
  type Said = { readonly event: { readonly key: string; readonly n: number } };
  const said = found.map(({ payload }) => (JSON.parse(payload ?? '') as Said).event);
  return said.map(({ key, n }) => `${key} ${n}`).sort((one, other) => one.localeCompare(other));
};

describe('events that are gathered by nodes that share the log', () => {
  it('are started by whichever has them, whoever took them', async () => {
    const log = await temporaryLog();
    const [a, b] = [await openSharingNode(log, 'a'), await openSharingNode(log, 'b')];
    await Promise.all([a.core.start(), b.core.start()]);
    await register(a, 'debounce: { for: 400ms, key: "${event.key}" }');
    for (const key of KEYS) await emitOn(a, key, 1);
    await expect.poll(() => startedWith(log), PATIENT).toEqual(KEYS.map((key) => `${key} 1`));
  });

  it('are started by a node that comes when theirs is gone', async () => {
    const log = await temporaryLog();
    const a = await openSharingNode(log, 'a');
    await a.core.start();
    await register(a, 'debounce: { for: 2s, key: "${event.key}" }');
    for (const key of KEYS) await emitOn(a, key, 1);
    await a.core.close();
    const b = await openSharingNode(log, 'b');
    await b.core.start();
    await expect.poll(() => startedWith(log), PATIENT).toEqual(KEYS.map((key) => `${key} 1`));
  });
});
