import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../../../src/adapters/process/isolated.ts';
import type { Json } from '../../../src/domain/json.ts';
import type { ActivityContext } from '../../../src/ports/activities.ts';
import { attemptContext } from '../../activities/context.ts';

const MODULE = fileURLToPath(new URL('./work.activities.ts', import.meta.url));
const MIB = 1_048_576;
const LIMIT = 200 * MIB;

const call = (activity: string, input: Json, memory?: number, more: Partial<ActivityContext> = {}) => {
  const { context, lines } = attemptContext(more);
  return { result: runIsolated({ module: MODULE, activity, memory }, context, input), lines };
};

/** Starts an activity that waits, and aborts it once it does; answers its process too. */
const abortWaiting = async (activity: string) => {
  const abort = new AbortController();
  const waiting = Promise.withResolvers<number>();
  const silent = () => undefined;
  const logger = {
    debug: silent,
    warn: silent,
    error: silent,
    info: (_: string, fields?: { readonly [key: string]: Json }) => waiting.resolve(Number(fields?.['pid'])),
  };
  const { result } = call(activity, null, undefined, { signal: abort.signal, logger });
  const pid = await waiting.promise;
  abort.abort(new DOMException('Too late.', 'TimeoutError'));
  return { result, pid };
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an activity in a process of its own', () => {
  it('is given the attempt and the input, and hands back what it returns and logs', async () => {
    const { result, lines } = call('tell', { amount: 5 }, LIMIT, { attempt: 3 });
    const { pid, ...told } = (await result) as { readonly pid: number };
    expect(told).toMatchObject({
      context: { executionId: 'e-1', step: 's', attempt: 3, idempotencyKey: 'e-1:s' },
      input: { amount: 5 },
      aborted: false,
    });
    expect(pid).not.toBe(process.pid);
    expect(lines).toEqual([{ level: 'warn', message: 'told', fields: { at: 'work' } }]);
  });

  it('says how far it is, and is told how far an attempt before was', async () => {
    const said: unknown[] = [];
    const heartbeat = (progress?: unknown) => void said.push(progress);
    const { result } = call('progress', { says: { row: 7 } }, undefined, { heartbeat, progress: { row: 3 } });
    await expect(result).resolves.toEqual({ before: { row: 3 } });
    expect(said).toEqual([undefined, { row: 7 }]);
  });

  it('fails when what it says of how far it is cannot be taken', async () => {
    await expect(call('progress', { says: 'a function' }).result).rejects.toMatchObject({
      message: 'Expected progress that is JSON, but it is a function.',
    });
    const heartbeat = (progress?: unknown) => {
      if (progress !== undefined) throw new TypeError('It is too large.');
    };
    const { result } = call('progress', { says: 1 }, undefined, { heartbeat });
    await expect(result).rejects.toThrow('It is too large.');
  });

  it('fails as it throws', async () => {
    await expect(call('refuse', { details: 'why' }).result).rejects.toMatchObject({
      message: 'Not so.',
      type: 'Refused',
      details: 'why',
      retryable: false,
    });
  });

  it('fails when it returns what no other process can be told', async () => {
    await expect(call('odd', null).result).rejects.toMatchObject({ name: 'InvalidOutput' });
  });

  it('fails when its process ends before it', async () => {
    await expect(call('exit', null).result).rejects.toMatchObject({
      name: 'ProcessEnded',
      message: 'Expected "exit" to return or to throw, but its process ended with 3.',
    });
  });

  it('fails when its module exports it no more', async () => {
    await expect(call('gone', null).result).rejects.toThrow('to export "gone", but it does not');
  });

  it.each(['heap', 'buffers'])('is killed once it takes more memory than it may: %s', async (kind) => {
    await expect(call('take', { mib: 4_000, kind }, LIMIT).result).rejects.toMatchObject({
      name: 'ResourceExceeded',
      details: { resource: 'memory', limit: LIMIT },
    });
  });

  it('takes as much as it likes within its limit, or without one', async () => {
    expect(await call('take', { mib: 20, kind: 'heap' }, LIMIT).result).toBe(20);
    expect(await call('take', { mib: 300, kind: 'buffers' }).result).toBe(300);
  });

  it('is told that it is aborted, and why', async () => {
    const { result } = await abortWaiting('wait');
    await expect(result).rejects.toMatchObject({ name: 'TimeoutError', message: 'Too late.' });
  });

  it('is killed when it goes on after that', async () => {
    const { result, pid } = await abortWaiting('deaf');
    await expect(result).rejects.toMatchObject({ name: 'ProcessEnded' });
    expect(isThere(pid)).toBe(false);
  });
});
