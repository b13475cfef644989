import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { RecordedEvent } from '../../src/domain/event.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { KINDS, type Kind, type Load } from './load.ts';

/** What a run of chaos came to. */
export interface Counts {
  readonly executions: number;
  readonly events: number;
  readonly calls: number;
  readonly interrupted: number;
  /** Views that were held to their rebuild. */
  readonly views: number;
}

const ENDS = ['execution.completed', 'execution.failed', 'execution.cancelled', 'saga.compensated'];

/** The steps that an event type names, in their order. */
const stepsOf = (history: readonly RecordedEvent[], type: string): readonly unknown[] =>
  history.filter((event) => event.type === type).map(({ facts }) => facts['step']);

const EXPECTED: Readonly<Record<Kind, (history: readonly RecordedEvent[]) => void>> = {
  steady: (history) => {
    expect(stepsOf(history, 'step.completed')).toEqual(['first', 'second']);
    expect(stepsOf(history, 'variables.set')).toEqual(['note']);
    expect(history.at(-1)?.type).toBe('execution.completed');
  },
  risky: (history) => {
    const risk = stepsOf(history, 'step.skipped').length > 0 ? [] : ['risk'];
    expect(stepsOf(history, 'step.completed')).toEqual(['first', ...risk, 'last']);
    expect(history.at(-1)?.type).toBe('execution.completed');
  },
  waiting: (history) => {
    expect(stepsOf(history, 'timer.scheduled')).toEqual(['rest']);
    expect(stepsOf(history, 'timer.fired')).toEqual(['rest']);
    expect(stepsOf(history, 'step.completed')).toContain('after');
    expect(history.at(-1)?.type).toBe('execution.completed');
  },
  undone: (history) => {
    expect(stepsOf(history, 'step.completed')).toEqual(['first', 'second', 'third']);
    expect(stepsOf(history, 'step.compensated')).toEqual(['third', 'first']);
    expect(stepsOf(history, 'saga.compensating')).toEqual(['never']);
    expect(history.at(-1)?.type).toBe('saga.compensated');
  },
  whole: (history) => {
    expect(stepsOf(history, 'step.completed')).toEqual(['first', 'child', 'last']);
    expect(stepsOf(history, 'child.started')).toEqual(['child']);
    expect(stepsOf(history, 'child.ended')).toEqual(['child']);
    expect(history.at(-1)?.type).toBe('execution.completed');
  },
  wide: (history) => {
    const turns = ITEMS.map((_, n) => `each[${n}].turn`);
    expect(new Set(stepsOf(history, 'step.completed'))).toEqual(new Set([...turns, 'each', 'last']));
    expect(stepsOf(history, 'step.completed')).toHaveLength(turns.length + 2);
    expect(stepsOf(history, 'branch.completed')).toHaveLength(ITEMS.length);
    expect(stepsOf(history, 'step.completed').slice(-2)).toEqual(['each', 'last']);
    const each = history.find(({ type, facts }) => type === 'step.completed' && facts['step'] === 'each');
    expect(JSON.parse(each?.payload ?? '{}')).toMatchObject({ output: ITEMS.map((item) => item * 10) });
    expect(mostAtOnce(history)).toBeLessThanOrEqual(3);
    expect(history.at(-1)?.type).toBe('execution.completed');
  },
};

const ITEMS = [1, 2, 3, 4, 5, 6, 7, 8];

/** How many turns were under way at once. */
const mostAtOnce = (history: readonly RecordedEvent[]): number => {
  const open = new Set<string>();
  let most = 0;
  for (const { type, facts } of history) {
    const { step, branch } = facts as { readonly step: string; readonly branch: string };
    if (type === 'branch.completed') open.delete(`each[${branch}].turn`);
    else if (type === 'step.started' && step.startsWith('each[')) open.add(step);
    most = Math.max(most, open.size);
  }
  return most;
};

/** Expects no call to be made twice, none that must not be to be made again, and what is undone to be so in order. */
const checkCalls = (lines: readonly string[], load: Load): void => {
  expect(
    lines.filter((line, at) => lines.indexOf(line) !== at),
    'attempts that were made twice',
  ).toEqual([]);
  const risks = lines.filter((line) => line.includes(' do risk ')).map((line) => line.split(' ')[0]);
  expect(new Set(risks).size, 'executions with a call that must not be made twice').toBe(risks.length);
  for (const id of load.confirmed.values()) {
    const undone = lines.filter((line) => line.startsWith(`${id} undo `)).map((line) => line.split(' ')[2]);
    expect([...new Set(undone)]).toEqual(load.kindOf(id) === 'undone' ? ['third', 'first'] : []);
  }
};

/** Expects every child that was started to have run once, and to its end. */
const checkChildren = async (log: EventLog, history: readonly RecordedEvent[]): Promise<void> => {
  for (const { facts } of history.filter(({ type }) => type === 'child.started')) {
    const stream = `execution-${facts['child'] as string}`;
    const child = await log.read(stream, { limit: 1_000 });
    expect(verifyChain(stream, child)).toMatchObject({ ok: true });
    expect(child.filter(({ type }) => type === 'execution.started')).toHaveLength(1);
    expect(stepsOf(child, 'step.completed')).toEqual(['piece']);
    expect(child.at(-1)?.type).toBe('execution.completed');
  }
};

/** Expects each execution to have gone its way once, as its history and the calls that were made say. */
export const checkHistories = async (
  log: EventLog,
  load: Load,
  calls: string,
): Promise<Omit<Counts, 'views'>> => {
  const ids = [...load.confirmed.values()];
  let events = 0;
  let interrupted = 0;
  expect(new Set(ids).size).toBe(load.size);
  for (const id of ids) {
    const history = await log.read(`execution-${id}`, { limit: 1_000 });
    expect(verifyChain(`execution-${id}`, history)).toMatchObject({ ok: true });
    expect(history.filter(({ type }) => type === 'execution.started')).toHaveLength(1);
    expect(history.filter(({ type }) => ENDS.includes(type))).toHaveLength(1);
    const kind = load.kindOf(id);
    expect(KINDS).toContain(kind);
    if (kind !== undefined) EXPECTED[kind](history);
    await checkChildren(log, history);
    for (const { facts } of history) expect(facts['duration'] ?? 0).toBeGreaterThanOrEqual(0);
    events += history.length;
    interrupted += history.filter(({ facts }) => facts['errorType'] === 'Interrupted').length;
  }
  const lines = (await readFile(calls, 'utf8')).trim().split('\n');
  checkCalls(lines, load);
  return { executions: ids.length, events, calls: lines.length, interrupted };
};
