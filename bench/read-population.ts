import type { EventOf, Recorded } from '../src/domain/registry.ts';
import type { DocumentWrite, ReadModels } from '../src/ports/read-models.ts';
import { active, type ActiveDocument } from '../src/projections/active.projection.ts';
import type { ExecutionDocument } from '../src/projections/execution-document.ts';
import { executions } from '../src/projections/executions.projection.ts';

/** Documents that are written in one go. */
const BATCH = 2_000;
const WORKFLOWS = 50;
const CUSTOMERS = 10_000;
const DAY = 86_400_000;

/** When the first of them was started, ms since the Unix epoch. */
export const FIRST_START = Date.UTC(2026, 0, 1);

/** Numbers that look random, and are the same each time. */
const shareOf = (n: number, salt: number): number => {
  let mixed = Math.imul(n ^ (salt * 0x9e3779b9), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296;
};

/** Of so many things the first ones much more often than the last ones. */
const pick = (n: number, salt: number, most: number): number => Math.floor(shareOf(n, salt) ** 3 * most);

/** When an execution of a year's was started. */
export const startOf = (n: number, of: number): number => FIRST_START + Math.floor((n / of) * 365 * DAY);

type Type =
  | 'execution.started'
  | 'step.started'
  | 'step.completed'
  | 'execution.completed'
  | 'execution.failed'
  | 'execution.cancelled';

/** What starts much: one workflow is started by requests alone, and none other is. */
const triggerOf = (n: number, workflow: string): string => {
  if (workflow === 'workflow_2') return 'POST /orders';
  const share = shareOf(n, 6);
  if (share < 0.7) return 'order:placed';
  return share < 0.8 ? 'schedule' : 'manual';
};

/** Whose it is: workflows with high numbers have a tenant more. */
const tenantOf = (n: number): string =>
  pick(n, 3, WORKFLOWS) >= 10 && shareOf(n, 11) < 0.2 ? 'acme' : 'default';

const endOf = (
  n: number,
  facts: EventOf<'execution.completed'>['facts'],
  trigger: string,
): EventOf<'execution.completed' | 'execution.failed' | 'execution.cancelled'> => {
  const outcome = shareOf(n, 1);
  // What a schedule starts never fails: much of either, and nothing that is both.
  if (outcome < 0.95 || (trigger === 'schedule' && outcome <= 0.99))
    return { type: 'execution.completed', facts };
  if (outcome > 0.99) return { type: 'execution.cancelled', facts, payload: { reason: '' } };
  const errorType = `Error${pick(n, 2, 20)}`;
  return {
    type: 'execution.failed',
    facts: { ...facts, step: 'pay', errorType, uncompensated: [] },
    payload: { error: { type: errorType, message: '' } },
  };
};

/** What happened to an execution: it was started, one step ran, and but for one in a thousand it ended. */
const historyOf = (n: number, of: number): readonly EventOf<Type>[] => {
  const workflow = `workflow_${pick(n, 3, WORKFLOWS)}`;
  const definition = `sha256:${workflow}-${pick(n, 4, 3)}`;
  const startedAt = startOf(n, of);
  const duration = 20 + Math.floor(shareOf(n, 5) ** 6 * DAY);
  const step = { workflow, step: 'pay', activity: 'pay', attempt: 1 };
  const trigger = triggerOf(n, workflow);
  const search = {
    customer: `customer-${Math.floor(shareOf(n, 7) * CUSTOMERS)}`,
    amount: pick(n, 8, 10_000),
  };
  const tags = shareOf(n, 9) < 0.01 ? ['orders', 'vip'] : ['orders'];
  const events: readonly EventOf<Type>[] = [
    {
      type: 'execution.started',
      facts: { workflow, definition, trigger, search, tags },
      payload: { input: null, event: null, variables: {} },
    },
    { type: 'step.started', facts: { ...step, fallback: false } },
    { type: 'step.completed', facts: { ...step, duration }, payload: { output: null } },
    endOf(n, { workflow, definition, startedAt, duration, from: 'running' }, trigger),
  ];
  return events.slice(0, shareOf(n, 10) < 0.001 ? 2 : 4);
};

const keyOf = (n: number): string => `e-${String(n).padStart(10, '0')}`;

/** An event as the projections read it: of the rest they see nothing. */
const recorded = (event: EventOf<Type>, n: number, revision: number, at: number): Recorded<Type> => {
  const kind = triggerOf(n, `workflow_${pick(n, 3, WORKFLOWS)}`) === 'manual' ? 'user' : 'trigger';
  const actor = { id: 'bench', kind, via: 'internal' };
  const commit = { metadata: { at, actor, tenant: tenantOf(n) } };
  return { ...event, stream: `execution-${keyOf(n)}`, revision, commit } as unknown as Recorded<Type>;
};

type Counted = Parameters<typeof active.evolve>[1];

const isCounted = (event: Recorded<Type>): event is Recorded<Type> & Counted =>
  (active.handles as readonly string[]).includes(event.type);

/** Folds executions by the server's own projections, and writes the documents of lists and counters; answers how many documents a second. */
export const populate = async (
  readModels: ReadModels,
  lists: string,
  counters: string,
  count: number,
): Promise<number> => {
  // As a rebuild does: the indexes are made of all documents at once, behind the last of them.
  await readModels.reserve(lists, executions.indexes);
  await readModels.prepare(counters, active.indexes);
  const counted = new Map<string, ActiveDocument>();
  let batch: DocumentWrite[] = [];
  let [position, writing] = [0n, 0];
  for (let n = 0; n < count; n += 1) {
    let doc: ExecutionDocument | undefined;
    const at = startOf(n, count);
    for (const [revision, event] of historyOf(n, count).entries()) {
      const read = recorded(event, n, revision, at);
      doc = executions.evolve(doc, read);
      position += 1n;
      if (!isCounted(read)) continue;
      const { workflow } = read.facts;
      counted.set(workflow, active.evolve(counted.get(workflow), read));
    }
    if (doc !== undefined) batch.push({ key: keyOf(n), doc, position, expected: undefined });
    if (batch.length < BATCH && n < count - 1) continue;
    const from = performance.now();
    await readModels.write(lists, batch);
    writing += performance.now() - from;
    batch = [];
  }
  const write = ([key, doc]: [string, ActiveDocument]): DocumentWrite => ({
    key,
    doc,
    position,
    expected: undefined,
  });
  await readModels.write(counters, [...counted].map(write));
  const from = performance.now();
  for (const index of executions.indexes) await readModels.prepare(lists, [index]);
  writing += performance.now() - from;
  return count / (writing / 1_000);
};
