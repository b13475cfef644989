import { describe, expect, it, onTestFinished } from 'vitest';
import { createWorker, defineActivity, NonRetryable, type WorkerOptions } from '../../src/index.ts';
import { seen } from '../spec/engine.ts';
import { ask } from '../server/open-server.ts';
import { openHttp } from '../http/open-http.ts';

const START = 'mutation ($workflow: String!) { startExecution(workflow: $workflow) { executionId } }';

const opened = async (yaml: string) => {
  const server = await openHttp();
  await server.register(yaml);
  const start = async (workflow = 'work'): Promise<string> => {
    const { startExecution } = (await ask(server, START, { workflow })) as {
      startExecution: { executionId: string };
    };
    return startExecution.executionId;
  };
  const end = async (id: string) => {
    await server.core.engine.ended(id);
    return (await server.core.engine.executions.load(id))?.state;
  };
  const work = (options: Pick<WorkerOptions, 'activities'> & Partial<WorkerOptions>) => {
    const worker = createWorker({ url: server.url, name: 'a-worker', ...options });
    onTestFinished(() => worker.stop(0));
    return worker;
  };
  return { ...server, start, end, work };
};

const WORK = `
workflow: work
activities:
  - name: double
    input: { n: 21 }
    output: { n: '\${output.n}' }
`;

describe('a worker of the package', () => {
  it('does what steps ask for', async () => {
    const { start, end, work } = await opened(WORK);
    const seenBy: string[] = [];
    work({
      activities: [
        defineActivity<{ readonly n: number }>({
          name: 'double',
          run: ({ idempotencyKey, attempt, workflow }, { n }) => {
            seenBy.push(`${workflow} ${attempt} ${idempotencyKey}`);
            return { n: n * 2 };
          },
        }),
      ],
    });
    const id = await start();
    expect(await end(id)).toMatchObject({ status: 'completed', variables: { n: 42 } });
    expect(seenBy).toEqual([`work 1 ${id}:double`]);
  });

  it('reports what is thrown, whether it may be tried again, and what is no JSON', async () => {
    const { start, end, work, register } = await opened(
      `${WORK}    retry: { max_attempts: 2, backoff: { initial: 1ms } }\n`,
    );
    await register(WORK.replace('workflow: work', 'workflow: odd').replace('name: double', 'name: odd'));
    let calls = 0;
    work({
      activities: [
        defineActivity({
          name: 'double',
          run: () => {
            calls += 1;
            throw calls === 1 ? new TypeError('once') : new NonRetryable('never', { details: { calls } });
          },
        }),
        defineActivity({ name: 'odd', run: () => 1n }),
      ],
    });
    const error = { type: 'NonRetryable', message: 'never', details: { calls: 2 } };
    expect((await end(await start()))?.failure).toMatchObject({ error });
    expect((await end(await start('odd')))?.failure).toMatchObject({ error: { type: 'InvalidOutput' } });
  });

  it('says how far it is, and stops when nobody wants the result', async () => {
    const { start, end, work, core } = await opened(`${WORK}    timeout: { heartbeat: 600ms }\n`);
    const stopped = Promise.withResolvers<unknown>();
    work({
      activities: [
        defineActivity({
          name: 'double',
          run: (ctx) => {
            ctx.heartbeat({ half: true });
            expect(() => ctx.heartbeat(1n)).toThrow(TypeError);
            ctx.signal.addEventListener('abort', () => stopped.resolve(ctx.signal.reason));
            return stopped.promise;
          },
        }),
      ],
    });
    const id = await start();
    const beat = await seen(core.log, id, ({ type }) => type === 'step.heartbeat');
    expect(beat.payload).toEqual({ progress: { half: true } });
    await core.engine.executions.handle(id, { type: 'cancel', reason: '' });
    expect(await stopped.promise).toMatchObject({ message: expect.stringContaining('cancelled') as string });
    expect(await end(id)).toMatchObject({ status: 'cancelled' });
  });

  it('makes at most so many attempts at once, and ends those that it makes when it is stopped', async () => {
    const { start, end, work } = await opened(WORK);
    const gate = Promise.withResolvers<void>();
    const full = Promise.withResolvers<void>();
    let [now, most] = [0, 0];
    const worker = work({
      concurrency: 2,
      activities: [
        defineActivity({
          name: 'double',
          run: async () => {
            now += 1;
            most = Math.max(most, now);
            if (now === 2) full.resolve();
            await gate.promise;
            now -= 1;
            return { n: 1 };
          },
        }),
      ],
    });
    const ids = [await start(), await start(), await start(), await start(), await start()];
    await full.promise;
    expect(worker.running).toBe(2);
    gate.resolve();
    for (const id of ids) expect((await end(id))?.status).toBe('completed');
    expect(most).toBe(2);
    await worker.stop();
    expect(worker.running).toBe(0);
  });

  it('asks another node when one does not answer', async () => {
    const { start, end, work, url } = await opened(WORK);
    work({
      url: ['http://127.0.0.1:9', url],
      concurrency: 1,
      activities: [defineActivity({ name: 'double', run: () => ({ n: 2 }) })],
    });
    expect((await end(await start()))?.status).toBe('completed');
  });
});
