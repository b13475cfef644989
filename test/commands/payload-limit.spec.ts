import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { executionIdOf } from '../../src/domain/uuid.ts';
import { sourceOf } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { openCommands, WAITING, type Commands } from './commands.ts';
import { commitsOf } from './stored.ts';

const LIMIT = 524_288;

/** A text that fills a payload up to so many bytes. */
const filling = (bytes: number, payload: (text: string) => Json, unit = 'x'): string => {
  const left = bytes - Buffer.byteLength(JSON.stringify(payload('')));
  const units = Math.floor(left / Buffer.byteLength(unit));
  return unit.repeat(units) + 'x'.repeat(left - units * Buffer.byteLength(unit));
};

const open = async () => {
  const under = await openCommands();
  await under.register(WAITING);
  const { executionId: id } = await under.startExecution('waiting');
  return { ...under, id };
};

/** A definition whose event has a payload of so many bytes. */
const definitionOf = (bytes: number): string => {
  const yaml = (text: string) => `workflow: large\nactivities: [{ name: notify }]\n# ${text}`;
  const document = { execution: { workflow: 'large', activities: [{ name: 'notify' }] } };
  return yaml(filling(bytes, (text) => ({ source: sourceOf(yaml(text)), document })));
};

/** Sends something of so many bytes; answers the stream that it is in. */
type Send = (commands: Commands, id: string, bytes: number) => Promise<string>;

const sent = async (stream: string, sending: Promise<unknown>): Promise<string> => {
  await sending;
  return stream;
};

const commands: readonly (readonly [string, string, Send])[] = [
  [
    'a definition',
    'workflow.registered',
    ({ register }, _id, bytes) => sent('workflow-large', register(definitionOf(bytes))),
  ],
  [
    'an input',
    'execution.started',
    async ({ startExecution }, _id, bytes) => {
      const input = filling(bytes, (text) => ({ input: text, event: null, variables: {} }));
      const { executionId } = await startExecution('waiting', input);
      return `execution-${executionId}`;
    },
  ],
  [
    'a signal',
    'signal.received',
    ({ signal }, id, bytes) =>
      sent(
        `execution-${id}`,
        signal(
          id,
          'other',
          filling(bytes, (payload) => ({ payload })),
        ),
      ),
  ],
  [
    'a signal in more bytes than characters',
    'signal.received',
    ({ signal }, id, bytes) =>
      sent(
        `execution-${id}`,
        signal(
          id,
          'other',
          filling(bytes, (payload) => ({ payload }), '€'),
        ),
      ),
  ],
  [
    'a reason',
    'execution.cancelled',
    ({ cancel }, id, bytes) =>
      sent(
        `execution-${id}`,
        cancel(
          id,
          filling(bytes, (reason) => ({ reason })),
        ),
      ),
  ],
];

describe('a payload', () => {
  test.for(commands)('of 512 KiB is taken: %s', async ([, type, send]) => {
    const under = await open();
    const stored = await under.log.read(await send(under, under.id, LIMIT));
    const sizes = stored
      .filter((event) => event.type === type)
      .map(({ payload = '' }) => Buffer.byteLength(payload));
    expect(sizes).toEqual([LIMIT]);
  });

  test.for(commands)('of one byte more is refused and nothing stored: %s', async ([, type, send]) => {
    const under = await open();
    await under.store.thenRefused(() => send(under, under.id, LIMIT + 1), {
      name: 'Rejection',
      code: 'PAYLOAD_TOO_LARGE',
      message: `Expected a payload of at most 524288 bytes, but that of ${type} has 524289.`,
      details: { field: 'payload', found: LIMIT + 1, expected: LIMIT },
    });
  });
});

describe('the payload of an event from outside', () => {
  const TRIGGERED = 'workflow: triggered\ntrigger: { event: filled }\n';
  const REST = 'activities:\n  - name: rest\n    wait: { signal: go }\n';
  const started = (event: string) => ({ input: null, event, variables: {} });

  test('may be as large as what it starts can hold', async () => {
    const { register, emit, engine } = await open();
    await register(`${TRIGGERED}${REST}`);
    const { executions } = await emit('filled', filling(LIMIT, started));
    const live = await engine.executions.load(executions[0]?.executionId ?? '');
    expect(live?.state.status).toBe('running');
  });

  test('is refused, and not stored, when nothing that it starts could hold it', async () => {
    const { register, emit, store } = await open();
    await register(`${TRIGGERED}${REST}`);
    await store.thenRefused(() => emit('filled', filling(LIMIT + 1, started)), {
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(/at most \d+ bytes, but that of event.emitted has \d+\.$/),
      details: { field: 'payload' },
    });
  });

  test('that is too large once more in variables fails what it starts, and is accepted', async () => {
    const { register, emit, end, log } = await open();
    await register(`${TRIGGERED}variables: { copy: "\${event}" }\n${REST}`);
    const { executions } = await emit('filled', 'x'.repeat(LIMIT / 2));
    expect(executions).toMatchObject([{ created: true }]);
    const id = executions[0]?.executionId ?? '';
    expect((await end(id)).state).toMatchObject({ status: 'failed', variables: {} });
    const [commit] = await commitsOf(log, `execution-${id}`);
    expect(commit?.events.at(-1)).toMatchObject({
      type: 'execution.failed',
      facts: { step: '', errorType: 'PayloadTooLarge' },
      payload: { error: { message: expect.stringMatching(/at most 524288 bytes, but it has \d+\.$/) } },
    });
  });
});

describe('what the store cannot take as one commit', () => {
  const tight = async () => openCommands({ log: await temporaryLog({ maxCommit: 3_000 }) });
  const large = { code: 'PAYLOAD_TOO_LARGE', details: { field: 'payload', expected: 3_000 } };

  test.for<[string, (commands: Commands) => Promise<unknown>]>([
    ['a definition', ({ register }) => register(definitionOf(3_000))],
    ['an event', ({ emit }) => emit('filled', 'x'.repeat(3_000))],
    ['an input', ({ startExecution }) => startExecution('waiting', 'x'.repeat(3_000))],
  ])('is refused and nothing stored: %s', async ([, send]) => {
    const under = await tight();
    await under.register(WAITING);
    await under.store.thenRefused(() => send(under), large);
  });

  test('beside what an execution says of itself fails that, when an event that is accepted starts it', async () => {
    const under = await tight();
    await under.register('workflow: told\ntrigger: { event: filled }\nactivities: [{ name: notify }]\n');
    // The most that the store can take as an event.
    const largest = async (size: number): Promise<string> =>
      under.emit('filled', 'x'.repeat(size)).then(
        ({ eventId }) => eventId,
        () => largest(size - 1),
      );
    const eventId = await largest(2_500);
    const { events, state } = await under.end(executionIdOf('told', eventId));
    expect(state).toMatchObject({ status: 'failed', event: null });
    expect(events).toMatchObject([
      { type: 'execution.started', payload: { input: null, event: null, variables: {} } },
      {
        type: 'execution.failed',
        facts: { step: '', errorType: 'PayloadTooLarge' },
        payload: { error: { message: expect.stringMatching(/at most 3000 bytes, but it has \d+\.$/) } },
      },
    ]);
  });
});
