import { startsOf } from '../domain/emission.ts';
import type { EmittedEvent } from './commands.ts';
import type { Definitions } from './definitions.ts';
import type { Emissions, ToEmit } from './emissions.ts';
import type { Executions } from './executions.ts';
import { startAllPinned, type PinnedOutcome } from './start-pinned.ts';

/** What events are emitted with. */
export interface Emitting {
  readonly definitions: Pick<Definitions, 'triggeredBy' | 'get'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly emissions: Emissions;
}

/**
 * Accepts an event once it is known what that triggers: durable first, then it starts that. Rejects with
 * `PAYLOAD_TOO_LARGE`, with `UNAVAILABLE` once no more events are accepted, and as `startAllPinned` does.
 */
export const emit = (
  { definitions, executions, emissions }: Emitting,
  toEmit: ToEmit,
): Promise<EmittedEvent> => {
  const { type, caller } = toEmit;
  return emissions.during(async (closing) => {
    // Known first: what an event starts is stored with it, so that it is started whatever ends this process.
    const listening = await Promise.race([definitions.triggeredBy(type), closing]);
    const emitted = await emissions.record(toEmit, startsOf(listening, toEmit.payload, caller.tenant));
    // What it starts is given what the log says that it said, which a repeated call need not say again.
    const { eventId, payload, position, starts = startsOf(listening, payload, caller.tenant) } = emitted;
    const outcomes = await startAllPinned(
      { definitions, executions, emissions },
      { eventId, type, payload, caller, at: position },
      starts,
    );
    emitted.settle();
    const last = outcomes.reduce((latest, { position: at }) => (at > latest ? at : latest), position);
    return { eventId, ...sorted(outcomes), position: last };
  });
};

/** What an event came to, by kind. */
const sorted = (
  outcomes: readonly PinnedOutcome[],
): Pick<EmittedEvent, 'executions' | 'skipped' | 'gathered'> => ({
  executions: outcomes.flatMap((one) => {
    if (one.came !== 'started') return [];
    const { executionId, created, position } = one;
    return [{ executionId, created, position }];
  }),
  skipped: outcomes.flatMap((one) =>
    one.came === 'skipped' ? [{ workflow: one.workflow, running: one.running }] : [],
  ),
  gathered: outcomes.flatMap((one) => {
    if (one.came !== 'gathered') return [];
    const { workflow, count, dueAt } = one;
    return [{ workflow, count, dueAt }];
  }),
});
