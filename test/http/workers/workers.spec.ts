import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { WORKERS_API } from '../../../src/http/workers/openapi.ts';
import { historyOf } from '../../spec/engine.ts';
import { ask } from '../../server/open-server.ts';
import { openHttp, type SendOptions } from '../open-http.ts';
import { sendingOf } from './described.ts';

const SCAN = `
workflow: scan
activities:
  - name: scan
    input: { page: 1 }
    timeout: { heartbeat: 40s }
    output: { text: '\${output.text}' }
`;
const START = 'mutation { startExecution(workflow: "scan") { executionId } }';

interface Given {
  readonly attempts: readonly { readonly token: string; readonly executionId: string }[];
}

const opened = async () => {
  const server = await openHttp();
  await server.register(SCAN);
  const start = async (): Promise<string> => {
    const { startExecution } = (await ask(server, START)) as { startExecution: { executionId: string } };
    return startExecution.executionId;
  };
  const send = sendingOf(server);
  const claim = async (more: object = {}): Promise<Given['attempts']> => {
    const { body } = await send('claim', { worker: 'w1', activities: ['scan'], ...more });
    return (body as unknown as Given).attempts;
  };
  return { ...server, start, send, claim };
};

describe('the API of workers', () => {
  it('gives an attempt, takes its heartbeats and its output', async () => {
    const { start, send, claim, core } = await opened();
    const id = await start();
    const [given] = await claim();
    expect(given).toEqual({
      token: expect.any(String) as string,
      executionId: id,
      workflow: 'scan',
      step: 'scan',
      activity: 'scan',
      attempt: 1,
      idempotencyKey: `${id}:scan`,
      input: { page: 1 },
      heartbeat: 40_000,
      timeout: expect.any(Number) as number,
      traceparent: expect.any(String) as string,
      progress: null,
    });
    const { token } = given ?? { token: '' };
    expect((await send('heartbeat', { token, progress: { page: 1 } })).body).toEqual({
      stop: false,
      reason: null,
    });
    expect((await send('complete', { token, output: { text: 'hi' } })).body).toEqual({
      status: 'completed',
      errorType: null,
    });
    await core.engine.ended(id);
    const events = await historyOf(core.log, id);
    expect(events.map(({ type }) => type)).toContain('step.heartbeat');
    expect(events.find(({ type }) => type === 'step.started')?.facts).toMatchObject({ worker: 'w1' });
    const late = await send('complete', { token, output: null });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'ATTEMPT_OVER', reason: 'lost' } } });
    expect((await send('heartbeat', { token })).body).toEqual({ stop: true, reason: 'lost' });
  });

  it('lets a worker wait for what begins later, and tells it when nothing does', async () => {
    const { start, claim } = await opened();
    expect(await claim({ wait: 1 })).toEqual([]);
    const claimed = claim({ wait: 60_000, max: 5 });
    const id = await start();
    expect((await claimed).map(({ executionId }) => executionId)).toEqual([id]);
  });

  it('takes a failure, by which the execution fails', async () => {
    const { start, send, claim, core } = await opened();
    const id = await start();
    const [{ token } = { token: '' }] = await claim();
    const failure = { type: 'Unreadable', message: 'no', nonRetryable: true, details: [1] };
    expect((await send('fail', { token, ...failure })).body).toEqual({
      status: 'failed',
      errorType: 'Unreadable',
    });
    await core.engine.ended(id);
    const failed = (await historyOf(core.log, id)).find(({ type }) => type === 'step.failed');
    expect(failed?.payload).toEqual({ error: { type: 'Unreadable', message: 'no', details: [1] } });
    expect((await send('fail', { token, ...failure })).status).toBe(409);
  });

  it('lets workers go that wait when the server stops', async () => {
    const { claim, close } = await opened();
    const claimed = claim({ wait: 60_000 });
    // Its answer shows that the one before it is being carried out.
    expect(await claim({ wait: 1, activities: ['other'] })).toEqual([]);
    await close();
    expect(await claimed).toEqual([]);
  });

  it('is described by a document that is as it is printed', async () => {
    const file = new URL('../../../docs/workers.openapi.json', import.meta.url);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(WORKERS_API);
  });

  const W = { worker: 'w', activities: ['a'] };
  it.each<readonly [string, number, string, string, SendOptions]>([
    ['no body', 400, 'BAD_USER_INPUT', 'claim', {}],
    ['no activities', 400, 'BAD_USER_INPUT', 'claim', { json: { worker: 'w', activities: [] } }],
    ['a name that is none', 400, 'BAD_USER_INPUT', 'claim', { json: { worker: 'w', activities: ['9'] } }],
    ['a field that is not known', 400, 'BAD_USER_INPUT', 'claim', { json: { ...W, maximum: 1 } }],
    ['room for none', 400, 'BAD_USER_INPUT', 'claim', { json: { ...W, max: 0 } }],
    ['a wait without end', 400, 'BAD_USER_INPUT', 'claim', { json: { ...W, wait: 60_001 } }],
    [
      'a schema that is none',
      400,
      'BAD_USER_INPUT',
      'claim',
      { json: { worker: 'w', activities: [{ name: 'a', input: { type: 1 } }] } },
    ],
    ['no token', 400, 'BAD_USER_INPUT', 'heartbeat', { json: {} }],
    ['no output', 400, 'BAD_USER_INPUT', 'complete', { json: { token: 'x' } }],
    ['no type', 400, 'BAD_USER_INPUT', 'fail', { json: { token: 'x', message: '' } }],
    ['a token that is made up', 409, 'ATTEMPT_OVER', 'complete', { json: { token: 'x', output: 1 } }],
    [
      'text',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'claim',
      { body: '{}', headers: { 'content-type': 'text/plain' } },
    ],
  ])('refuses %s with %i %s', async (_what, status, code, path, options) => {
    const { send } = await opened();
    expect(await send(path, undefined, options)).toMatchObject({ status, body: { error: { code } } });
  });

  it('names all that is wrong with a body', async () => {
    const { send } = await opened();
    const { body } = await send('claim', { worker: '', activities: ['a'], max: 'x' });
    const { message } = body['error'] as { readonly message: string };
    expect(message).toContain('worker must NOT have fewer than 1 characters');
    expect(message).toContain('max must be integer');
  });

  it('is asked by POST, and for nothing else', async () => {
    const { send } = await openHttp();
    expect(await send('GET', '/workers/claim')).toMatchObject({ status: 405 });
    expect(await send('POST', '/workers/steal', { json: {} })).toMatchObject({ status: 404 });
    expect(await send('POST', '/workers/toString', { json: {} })).toMatchObject({ status: 404 });
  });
});
