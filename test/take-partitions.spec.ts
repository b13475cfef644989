import { describe, expect, it } from 'vitest';
import { CALLER, sourceOf } from './spec/engine.ts';
import { openSharingNode, type SharingNode } from './shared-log.ts';
import { temporaryLog } from './spec/temporary-log.ts';

const version = (workflow: string, step: string): string =>
  sourceOf(`workflow: ${workflow}\nactivities:\n  - name: ${step}\n`);

const register = ({ core }: SharingNode, workflow: string, step: string) =>
  core.definitions.register(version(workflow, step), CALLER);

const latest = async ({ core }: SharingNode, workflow: string): Promise<string> =>
  (await core.definitions.latest(workflow)).hash;

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
