import { setImmediate as turn } from 'node:timers/promises';
import type { ReadModels, StoredDocument } from '../ports/read-models.ts';
import { documentPages } from './document-pages.ts';
import type { Engine } from './engine.ts';

const AT_ONCE = 32;

/** An execution that has not ended, as its summary says. */
export interface ActiveExecution {
  readonly id: string;
  /**
   * It goes on by itself at `dueAt` (ms since the Unix epoch), or when somebody sends, decides or resumes something; else
   * it has to be looked at.
   */
  readonly waits: { readonly step: string; readonly dueAt: number } | 'others' | undefined;
}

/** The executions that have not ended, by page, as a collection of summaries says. */
export async function* activeExecutions(
  readModels: ReadModels,
  collection: string,
): AsyncGenerator<readonly ActiveExecution[]> {
  const query = {
    where: [{ field: 'status', op: 'in', values: ['queued', 'running', 'compensating', 'paused'] }],
    // The order of the index that has the statuses, so that a page costs a page.
    orderBy: [{ field: 'startedAt', direction: 'asc' }],
  } as const;
  for await (const page of documentPages(readModels, collection, query)) yield page.map(activeOf);
}

const activeOf = ({ key: id, doc }: StoredDocument): ActiveExecution => {
  const { waiting, step, dueAt, status, depth } = doc;
  const underWay = (doc['underWay'] ?? []) as readonly { readonly waiting: string | null }[];
  // Whoever waits for it may have told it to end meanwhile; and a child that it waits for may have ended.
  const isAwaited = typeof depth === 'number' && depth > 0;
  if (isAwaited || underWay.some((known) => known.waiting === 'child')) return { id, waits: undefined };
  // While it is paused, only calls that ended with their node have to be looked at.
  if (status === 'paused') return { id, waits: waiting === null && step !== null ? undefined : 'others' };
  // Steps in steps may have been left to a turn that never came.
  const isAlone = underWay.length === 1;
  const isForOthers = waiting === 'signal' || waiting === 'approval';
  if (!isAlone || (waiting !== 'timer' && !isForOthers)) return { id, waits: undefined };
  if (typeof step === 'string' && typeof dueAt === 'number') return { id, waits: { step, dueAt } };
  return { id, waits: isForOthers ? 'others' : undefined };
};

/** Takes up every active execution, reading the streams of those only that do not wait; answers how many there were. */
export const resumeAll = async (
  pages: AsyncIterable<readonly ActiveExecution[]>,
  engine: Pick<Engine, 'resume' | 'arm'>,
): Promise<number> => {
  let count = 0;
  for await (const page of pages) {
    const left: string[] = [];
    for (const { id, waits } of page) {
      if (waits === undefined) left.push(id);
      else if (waits !== 'others') engine.arm(id, waits.step, waits.dueAt);
    }
    const worker = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await engine.resume(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    count += page.length;
    // The embedded stores answer at once, and whoever asks the server something meanwhile would wait for the last page.
    await turn();
  }
  return count;
};
