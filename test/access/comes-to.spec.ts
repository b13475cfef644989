import { expect, it } from 'vitest';
import type { Scope } from '../../src/domain/access/scope.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { comesTo } from '../../src/ports/comes-to.ts';
import type { EventLog } from '../../src/ports/event-log.ts';
import { happened, sealAll } from '../spec/given.ts';
import { temporaryLog } from '../spec/temporary-log.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

const only = (workflows: readonly string[], tags: readonly string[] = [], tenant = 'default'): Scope => ({
  tenant,
  within: { workflows, tags },
});

const REMOVED = {
  type: 'execution.removed',
  facts: { workflow: 'greet', status: 'completed', endedAt: 0 },
} as const;

const commitsOf = (id: string) =>
  sealAll([
    happened(streamOf('execution', id), 0, {
      type: 'execution.started',
      facts: { workflow: 'greet', definition: 'sha256:0', trigger: 'manual', tags: ['night'] },
      payload: { input: null, event: null, variables: {} },
    }),
    happened(streamOf('execution', id), 1, REMOVED),
  ]);

/** A log with an execution, and how often it is read. */
const opened = async () => {
  const log = await temporaryLog();
  const append = async (id: string): Promise<void> => {
    for (const commit of commitsOf(id)) await log.append(commit);
  };
  const reads: string[] = [];
  const counted: Pick<EventLog, 'read'> = {
    read: (stream, options) => {
      reads.push(stream);
      return log.read(stream, options);
    },
  };
  return { log, counted, reads, append };
};

it('reads whose an execution is once, whoever asks, and tells each by their own scope', async () => {
  const { counted, reads, append } = await opened();
  await append(ID);
  const scopes: readonly (readonly [Scope | undefined, boolean])[] = [
    [only(['greet']), true],
    [only(['other']), false],
    [only([], ['night']), true],
    [only([], ['day']), false],
    [{ tenant: 'default', within: undefined }, true],
    [{ tenant: 'another', within: undefined }, false],
    [undefined, true],
  ];
  for (const [scope, comes] of [...scopes, ...scopes]) expect(await comesTo(counted, scope, ID)).toBe(comes);
  expect(reads).toEqual([streamOf('execution', ID)]);
});

it('finds an execution that was not there when it was looked for before', async () => {
  const { counted, append } = await opened();
  expect(await comesTo(counted, only(['greet']), ID)).toBe(false);
  await append(ID);
  expect(await comesTo(counted, only(['greet']), ID)).toBe(true);
});

it('keeps what one log says from another one', async () => {
  const [one, other] = [await opened(), await opened()];
  await one.append(ID);
  expect(await comesTo(one.counted, only(['greet']), ID)).toBe(true);
  expect(await comesTo(other.counted, only(['greet']), ID)).toBe(false);
});

it('keeps nothing of an execution of which no more than its end is left', async () => {
  const { log, counted, reads, append } = await opened();
  await append(ID);
  await log.truncate(streamOf('execution', ID), 1);
  for (const _ of [1, 2]) {
    expect(await comesTo(counted, only(['greet']), ID)).toBe(true);
    expect(await comesTo(counted, only([], ['night']), ID)).toBe(false);
  }
  expect(reads).toHaveLength(4);
});
