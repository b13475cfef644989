import { describe, expect, it } from 'vitest';
import { NO_STREAM, seal } from '../src/domain/chain.ts';
import { CALLER, sourceOf } from './spec/engine.ts';
import { openSharingNode, type SharingNode } from './sharing-nodes.ts';
import { temporaryLog } from './spec/temporary-log.ts';
import type { PartitionWork } from '../src/engine/ownership/types.ts';
import { liveCollections } from '../src/projections/live-collections.ts';
import { takePartitions } from '../src/take-partitions.ts';

const version = (workflow: string, step: string): string =>
  sourceOf(`workflow: ${workflow}\nactivities:\n  - name: ${step}\n`);

const register = ({ core }: SharingNode, workflow: string, step: string) =>
  core.definitions.register(version(workflow, step), CALLER);

const latest = async ({ core }: SharingNode, workflow: string): Promise<string> =>
  (await core.definitions.startable(workflow)).hash;

describe('a version of a workflow that another node has registered', () => {
  it('is run by all, also by one whose log was away when it heard of it', async () => {
    const log = await temporaryLog();
    const [a, b] = [await openSharingNode(log, 'a'), await openSharingNode(log, 'b')];
    await Promise.all([a.core.start(), b.core.start()]);
    await register(a, 'paid', 'first');
    await expect.poll(() => latest(b, 'paid')).toBe(await latest(a, 'paid'));
    b.cutReads('workflow-');
    const second = await register(a, 'paid', 'second');
    await expect.poll(() => b.missed).toBeGreaterThan(0);
    b.cutReads();
    await expect.poll(() => latest(b, 'paid')).toBe(second.definition);
  });

  it('is run by all, also by one that was about to start', async () => {
    const log = await temporaryLog();
    const [a, b] = [await openSharingNode(log, 'a'), await openSharingNode(log, 'b')];
    await a.core.start();
    await register(a, 'early', 'first');
    await register(a, 'late', 'first');
    const { promise, resolve } = Promise.withResolvers<void>();
    b.holdReads('workflow-late', promise);
    const started = b.core.start();
    await expect.poll(() => b.waited).toBeGreaterThan(0);
    const second = await register(a, 'early', 'second');
    await expect.poll(() => b.heard).toBeGreaterThanOrEqual(second.position);
    resolve();
    await started;
    await expect.poll(() => latest(b, 'early')).toBe(second.definition);
  });
});

/** A commit that no view of this version can fold. */
const POISON = seal('execution-poison', NO_STREAM, [{ type: 'step.unheard_of', facts: { step: 'odd' } }], {
  $correlationId: 'poison',
  $causationId: 'poison',
  at: 1_700_000_000_000,
  actor: CALLER.actor,
  tenant: 'default',
  node: 'test',
  schema: 1,
});

const PATIENT_ONE = `workflow: patient
activities:
  - name: rest
    wait: { for: 4s }
  - name: goal
    set: { variables: { reached: true } }
`;

describe('partitions that have come', () => {
  it('are taken up as the log stands by then, with what this node wrote just before', async () => {
    const log = await temporaryLog();
    const node = await openSharingNode(log, 'a');
    let work: PartitionWork | undefined;
    const reached: bigint[] = [];
    const ending = new AbortController();
    await takePartitions({
      ...node.core,
      scheduler: { look: () => undefined, lookAll: () => undefined },
      gatherer: { arm: () => undefined, forsake: () => undefined, close: () => Promise.resolve() },
      log,
      ownership: { ...node.ownership, serve: (served) => void (work = served) },
      projector: {
        ...node.core.projector,
        waitFor: (position) => {
          reached.push(position);
          return Promise.resolve();
        },
      },
      collections: liveCollections(node.core.readModels, node.core.projector),
      folder: undefined,
      settle: () => Promise.resolve(),
      patience: { clock: node.core.clock, logger: node.core.logger, ending: ending.signal },
    });
    const { position } = await log.append(POISON);
    work?.gained([0]);
    await expect.poll(() => reached).not.toEqual([]);
    expect(reached[0]).toBeGreaterThanOrEqual(position);
  });
});

describe('partitions that are taken while the view of executions is stopped', () => {
  it('are worked on from the log', async () => {
    const log = await temporaryLog();
    const a = await openSharingNode(log, 'a');
    await a.core.start();
    await a.core.definitions.register(sourceOf(PATIENT_ONE), CALLER);
    const definition = await a.core.definitions.startable('patient');
    const command = { type: 'start', id: 'one', trigger: 'manual', input: null, event: null } as const;
    await a.core.engine.executions.start('one', definition, command, CALLER);
    await a.core.close();
    await log.append(POISON);
    const b = await openSharingNode(log, 'b');
    await b.core.start();
    const typesOf = async () => (await log.read('execution-one')).map(({ type }) => type);
    await expect.poll(typesOf).toContain('execution.completed');
  });
});
