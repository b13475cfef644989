import { describe, expect, test } from 'vitest';
import { loadWorkflow } from '../../src/commands/load-workflow.ts';
import { parseDefinition } from '../../src/domain/definition/parse.ts';
import { decide } from '../../src/domain/execution/decide.ts';
import { isFinal, TRANSITIONS } from '../../src/domain/execution/lifecycle.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import { current, EVENT_TYPES } from '../../src/domain/registry.ts';
import { categoryOf, entityOf } from '../../src/domain/stream.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';
import { PROJECTIONS } from '../../src/projections/catalogue.ts';
import {
  ACCESS_EVENTS,
  AUDIT_EVENTS,
  RETENTION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from '../../src/projections/ignored.ts';
import { placeOf } from '../../src/projections/rebuild/of-shard.ts';
import { temporaryLog } from '../spec/temporary-log.ts';
import { definitionIn, documentsIn, nextOf, stateOf } from './fold-history.ts';
import { readHistories, recordedEvents, sealedCommits } from './history.ts';
import { SCENARIOS } from './scenarios.ts';

const histories = readHistories();

/** A value as a file holds it: what is undefined is not there. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(histories)('the history "$name", which an earlier version wrote', (history) => {
  const events = recordedEvents(history);
  const { executionId } = history;
  const streams = [...new Set(events.map(({ stream }) => stream))];

  test('is whole: every stream’s hash chain holds', () => {
    expect(streams).toContain(`execution-${executionId}`);
    for (const stream of streams) {
      const ofStream = events.filter((event) => event.stream === stream);
      const last = ofStream.at(-1);
      expect(verifyChain(stream, ofStream)).toEqual({
        ok: true,
        head: { revision: last?.revision, hash: last?.commit.hash },
      });
    }
  });

  test('is the same execution to this version', () => {
    expect(written(stateOf(events, executionId))).toEqual(history.state);
  });

  test('waits for the same, and goes on in the same way when it is taken up', () => {
    const definition = definitionIn(events, history.state.definition);
    const pending = pendingOf(definition, stateOf(events, executionId));
    expect(written(pending)).toEqual(history.pending);
    expect(written(nextOf(events, executionId))).toEqual(history.next);
    expect(pending.length === 0).toBe(isFinal(history.state.status) || history.state.status === 'paused');
  });

  test('makes each document of views that are folded by executions of one, with which it is removed', () => {
    const recorded = events.map((event) => current(event));
    for (const projection of PROJECTIONS.filter(({ isOfOneExecution }) => isOfOneExecution)) {
      const { name, forgets, handles } = projection;
      const places = new Map<string, string>();
      for (const event of recorded.filter(({ type }) => handles.includes(type))) {
        const key = projection.keyOf(event);
        if (key === undefined) continue;
        const place = placeOf(event);
        expect([name, key, places.get(key) ?? place]).toEqual([name, key, place]);
        places.set(key, place);
        const field = typeof forgets === 'object' ? projection.evolve(undefined, event)[forgets.field] : key;
        const execution = forgets === undefined ? entityOf(place) : field;
        expect([name, execution]).toEqual([name, entityOf(place)]);
      }
    }
  });

  test('makes the same documents, of which none needs a payload', () => {
    const bare = events.map((event) => ({ ...event, payload: undefined }));
    expect(written(documentsIn(bare))).toEqual(history.documents);
  });

  test('is pinned to a definition that means the same, by its document and by its source', () => {
    const hash = history.state.definition;
    const registered = events.find(
      ({ type, facts }) => type === 'workflow.registered' && facts['definition'] === hash,
    );
    expect(definitionIn(events, hash)).toMatchObject({ hash, workflow: history.state.workflow });
    const { source } = JSON.parse(registered?.payload ?? '{}') as { readonly source: string };
    expect(parseDefinition(source)).toMatchObject({ ok: true, definition: { hash } });
  });

  test('can be appended to a log of this version, and comes out as it was', async () => {
    const log = await temporaryLog();
    for (const commit of sealedCommits(history)) await log.append(commit);
    for (const stream of streams)
      expect(await log.read(stream)).toEqual(events.filter((event) => event.stream === stream));
    const workflow = await loadWorkflow(log, history.state.workflow);
    const registered = events.filter(
      ({ type, facts }) => type === 'workflow.registered' && facts['workflow'] === history.state.workflow,
    );
    const hashes = registered.map(({ facts }) => facts['definition']);
    expect(workflow.versions.map(({ definition }) => definition)).toEqual(hashes);
    expect(hashes).toContain(history.state.definition);
  });

  test('takes no start a second time', () => {
    const state = stateOf(events, executionId);
    const context = { executionId, now: 0, random: () => 0, serves: () => true };
    const start = { type: 'start', id: executionId, trigger: 'manual', input: null, event: null } as const;
    expect(decide(definitionIn(events, state.definition), state, start, context).events).toEqual([]);
  });
});

describe('the histories that are kept', () => {
  test('have every type of event that can happen to an execution, and what comes before and after it', () => {
    const ofOthers = ({ stream }: { readonly stream: string }) =>
      ['breaker', 'limiter', 'rate'].includes(categoryOf(stream));
    const recorded = histories.flatMap((history) => recordedEvents(history));
    const types = new Set(recorded.filter((event) => !ofOthers(event)).map(({ type }) => type));
    const ofExecutions = Object.values(TRANSITIONS).flatMap((transitions) => Object.keys(transitions));
    const others = Object.keys(EVENT_TYPES).filter((type) => type.startsWith('notification.'));
    const kept = [
      ...ofExecutions,
      ...others,
      ...WORKFLOW_EVENTS,
      ...SCHEDULE_EVENTS,
      ...TRIGGER_EVENTS,
      ...RETENTION_EVENTS,
      ...ACCESS_EVENTS,
      ...AUDIT_EVENTS,
      'event.emitted',
    ];
    expect(types).toEqual(new Set(kept));
  });

  test('have every end that an execution can come to, and every thing that it can wait for', () => {
    expect(new Set(histories.map(({ state }) => state.status))).toEqual(
      new Set([
        'completed',
        'failed',
        'compensated',
        'cancelled',
        'queued',
        'running',
        'compensating',
        'paused',
      ]),
    );
    expect(new Set(histories.flatMap(({ pending }) => pending.map(({ kind }) => kind)))).toEqual(
      new Set(['attempt', 'timer', 'activity', 'admission', 'run', 'signal', 'child']),
    );
  });

  test('are at least those that can be recorded', () => {
    const names = histories.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(SCENARIOS.map(({ name }) => name)));
  });
});
