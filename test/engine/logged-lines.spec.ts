import { describe, expect, it } from 'vitest';
import { recordedOf, seen, openEngine, type Run } from '../spec/engine.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { rowsOf } from '../../src/projections/log-row.ts';

const YAML = 'workflow: writes\nactivities:\n  - name: work\n';

const open = async (work: Run, more = '', maxPayload?: number) => {
  const log = await temporaryLog();
  const opened = openEngine({
    log,
    activities: { work },
    ...(maxPayload === undefined ? {} : { maxPayload }),
  });
  return { ...opened, log, yaml: YAML + more };
};

const lines = (events: readonly { readonly type: string; readonly payload?: unknown }[]) =>
  events.filter(({ type }) => type === 'step.logged').map(({ payload }) => payload);

describe('what an activity writes', () => {
  it('is in the log with its end, in one append with it', async () => {
    const { run, yaml, log, clock } = await open(({ logger }) => {
      logger.info('Half way', { done: 0.5 });
      clock.advance(30);
      logger.warn('Slow');
      logger.debug('Not kept unless asked for');
      return 7;
    });
    const { id, types, events } = await run(yaml);
    expect(types).toEqual([
      'execution.started',
      'step.started',
      'step.logged',
      'step.logged',
      'step.completed',
      'execution.completed',
    ]);
    expect(events[2]).toMatchObject({
      facts: { step: 'work', activity: 'work', attempt: 1, level: 'info', at: clock.now() - 30 },
      payload: { message: 'Half way', fields: { done: 0.5 } },
    });
    expect(events[3]?.payload).toEqual({ message: 'Slow' });
    const recorded = await recordedOf(log, id);
    expect(new Set(recorded.slice(2).map(({ commit }) => commit.hash)).size).toBe(1);
  });

  it('is kept from the level on that the definition says, of the parts that it names', async () => {
    const work: Run = ({ logger }) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](level);
      return null;
    };
    const kept = async (logging: string) => {
      const { run, yaml, log } = await open(work, `logging: ${logging}\n`);
      const { id, events } = await run(yaml);
      const rows = (await recordedOf(log, id)).flatMap(rowsOf).filter(({ level }) => level !== 'event');
      return [
        lines(events).map((line) => (line as { message: string }).message),
        rows.map(({ message }) => message),
      ];
    };
    expect(await kept('{ level: error }')).toEqual([['error'], ['error']]);
    expect((await kept('{ level: debug }'))[0]).toEqual(['debug', 'info', 'warn', 'error']);
    const [written, rows] = await kept('{ components: [workflow_engine] }');
    expect([written, rows]).toEqual([
      [],
      ['Execution started: workflow=writes', expect.stringMatching(/^Execution completed/)],
    ]);
  });

  it('is there a second later while the call goes on', async () => {
    const released = Promise.withResolvers<null>();
    const written = Promise.withResolvers<void>();
    const { start, end, yaml, log, clock } = await open(async ({ logger }) => {
      logger.info('Begun');
      written.resolve();
      await released.promise;
      logger.info('Done');
      return null;
    });
    const { id } = await start(yaml);
    await written.promise;
    clock.advance(1_000);
    await seen(log, id, ({ type }) => type === 'step.logged');
    released.resolve(null);
    const { types, events } = await end(id);
    expect(types.filter((type) => type !== 'step.logged')).toHaveLength(4);
    expect(lines(events)).toEqual([{ message: 'Begun' }, { message: 'Done' }]);
  });

  it('is kept of an attempt that failed', async () => {
    const { run, yaml } = await open(({ logger }) => {
      logger.error('It will not work');
      throw new Error('No.');
    });
    const { types } = await run(yaml);
    expect(types.slice(2)).toEqual(['step.logged', 'step.failed', 'execution.failed']);
  });

  it('never fails a step: what is too much is left out, and that is said', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['itself'] = cycle;
    const { run, yaml, errors } = await open(
      ({ logger }) => {
        logger.info('x'.repeat(50_000), { text: 'x'.repeat(50_000) });
        logger.info('odd', cycle as never);
        for (let n = 0; n < 500; n += 1) logger.info(`line ${n}`);
        return null;
      },
      '',
      1_024,
    );
    const { state, events } = await run(yaml);
    expect(state.status).toBe('completed');
    expect(errors).toEqual([]);
    const kept = lines(events) as readonly { message: string; fields?: unknown }[];
    expect(kept).toHaveLength(101);
    expect(kept[0]?.fields).toMatchObject({ truncated: true });
    expect(kept[1]?.fields).toMatchObject({ omitted: expect.stringContaining('cycle') as string });
    expect(kept.at(-1)?.message).toBe('402 lines were left out.');
  });
});
