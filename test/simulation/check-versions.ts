import type { RecordedEvent } from '../../src/domain/event.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { Accepted } from './accepted.ts';
import type { World } from './world.ts';

/** Whether an event adds a version. */
export const isVersion = ({ type }: RecordedEvent): boolean => type === 'workflow.registered';

/** The hash that a start would run once these events of a workflow have happened; `undefined` for none. */
export const startedAfter = (events: readonly RecordedEvent[], asked: number | undefined): unknown => {
  const last = (...types: readonly string[]) => events.findLast(({ type }) => types.includes(type));
  const versions = events.filter(isVersion);
  const set = last('workflow.default_set', 'workflow.default_cleared')?.facts['number'] as number | undefined;
  const number = asked ?? set ?? versions.length;
  const retired = events.findLast(
    ({ type, facts }) => /version_(un)?retired$/.test(type) && facts['number'] === number,
  );
  const isRetired =
    last('workflow.retired', 'workflow.unretired')?.type === 'workflow.retired' ||
    retired?.type === 'workflow.version_retired';
  return isRetired ? undefined : versions[number - 1]?.facts['definition'];
};

/**
 * What is started runs what was to be run then: as of a moment between the latest change that the client knew of, which
 * several nodes may hear of later, and the start.
 */
export const checkVersions = ({ log, settings, broken }: World, { started }: Accepted): void => {
  for (const { workflow, version, since, known } of started) {
    const { executionId, created } = known.what === 'answered' ? known.answer : {};
    const [first] = executionId === undefined ? [] : log.stream(streamOf('execution', executionId));
    if (created !== true || first === undefined) continue;
    const changes = log
      .stream(streamOf('workflow', workflow))
      .filter(({ position }) => position < first.position);
    const heard = changes.filter(({ position }) => position <= since).length;
    const from = settings.sharing === undefined ? heard : 0;
    const moments = Array.from({ length: changes.length - from + 1 }, (_, n) => changes.slice(0, from + n));
    if (moments.some((events) => startedAfter(events, version) === first.facts['definition'])) continue;
    broken('what is started runs what was to be run', {
      executionId,
      version,
      since,
      definition: first.facts['definition'],
      changes: changes.map(({ type, facts, position }) => ({ type, facts, position })),
    });
  }
};
