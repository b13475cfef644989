import { describe, expect, it } from 'vitest';
import { createEnvelopes } from '../../../src/commands/envelope.ts';
import { NO_STREAM, seal } from '../../../src/domain/chain.ts';
import { executionIdOf } from '../../../src/domain/uuid.ts';
import { createEmissionMark } from '../../../src/engine/emissions/emission-mark.ts';
import type { EventLog } from '../../../src/ports/event-log.ts';
import { ANN } from '../../commands/commands.ts';
import { openSharingNode, type SharingNode } from '../../sharing-nodes.ts';
import { recordedOf, sourceOf } from '../../spec/engine.ts';
import { countingIds } from '../../spec/ids.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const FAR = 1_000_000n;
const PATIENT = { timeout: 30_000 };
const LONG_AGO = 60_000;
const EVENTS = ['0', '1', '2', '3', '4', '5'].map((n) => `0190a3c0-0000-7000-8000-00000000000${n}`);

const register = ({ core }: SharingNode) =>
  core.definitions.register(
    sourceOf('workflow: told\ntrigger: { event: happened }\nactivities: [{ name: work }]\n'),
    ANN,
  );

/** What a node leaves behind that is gone right behind an event that it accepted. */
const leave = async (
  log: EventLog,
  eventId: string,
  definition: string,
  key: { readonly execution?: string } = {},
): Promise<void> => {
  const starts = [{ workflow: 'told', definition, ...key }];
  const event = {
    type: 'event.emitted',
    facts: { event: 'happened', starts },
    payload: { payload: eventId },
  };
  const envelopes = createEnvelopes('gone', countingIds(0, Number(eventId.at(-1)) + 1));
  const metadata = envelopes.open(eventId, ANN, ANN.tenant, Date.now() - LONG_AGO);
  await log.append(seal(`event-${eventId}`, NO_STREAM, [event], metadata));
};

/** How many of the events have started what they start. */
const started = async (log: EventLog): Promise<number> => {
  const histories = await Promise.all(
    EVENTS.map((eventId) => recordedOf(log, executionIdOf('told', eventId))),
  );
  return histories.filter(([first]) => first?.type === 'execution.started').length;
};

describe('an event whose key has started an execution before', () => {
  it('is looked after by no node for ever', async () => {
    const log = await temporaryLog();
    const [a, b] = [await openSharingNode(log, 'a'), await openSharingNode(log, 'b')];
    await Promise.all([a.core.start(), b.core.start()]);
    const { definition } = await register(a);
    const execution = executionIdOf('told', 'a-key');
    const [first = '', second = ''] = EVENTS;
    await leave(log, first, definition, { execution });
    await expect.poll(async () => (await recordedOf(log, execution)).length).toBeGreaterThan(0);
    await leave(log, second, definition, { execution });
    const end = await log.end();
    const settled = [a, b].map(
      ({ core }) =>
        () =>
          core.ownership?.emissions.settled ?? 0n,
    );
    for (const position of settled) await expect.poll(() => position() >= end).toBe(true);
    const started = (await recordedOf(log, execution)).filter(({ type }) => type === 'execution.started');
    expect(started).toHaveLength(1);
  });
});

describe('an event that was accepted by a node that is gone', () => {
  it('is started by whichever node has what it starts, also when nothing changes hands', async () => {
    const log = await temporaryLog();
    const [a, b] = [await openSharingNode(log, 'a'), await openSharingNode(log, 'b')];
    await Promise.all([a.core.start(), b.core.start()]);
    const { definition } = await register(a);
    for (const eventId of EVENTS) await leave(log, eventId, definition);
    await expect.poll(() => started(log)).toBe(EVENTS.length);
    const [recorded] = await recordedOf(log, executionIdOf('told', EVENTS[0] ?? ''));
    expect(recorded?.commit.metadata).toMatchObject({ actor: ANN.actor, tenant: ANN.tenant });
    expect(JSON.parse(recorded?.payload ?? '')).toMatchObject({ event: EVENTS[0] });
  });

  it('is started by a node that comes later', async () => {
    const log = await temporaryLog();
    const a = await openSharingNode(log, 'a');
    await a.core.start();
    const { definition } = await register(a);
    await a.core.close();
    for (const eventId of EVENTS) await leave(log, eventId, definition);
    const b = await openSharingNode(log, 'b');
    await b.core.start();
    await expect.poll(() => started(log)).toBe(EVENTS.length);
  });
});

describe('a node that has looked through the log', () => {
  it('stores how far, so that the next one looks no further should it be lost', async () => {
    const log = await temporaryLog();
    const { core, readModels } = await openSharingNode(log, 'a');
    const mark = createEmissionMark(readModels);
    await core.start();
    await expect.poll(() => mark.read(FAR), PATIENT).toBeGreaterThan(0n);
  });
});
