import type { RecordedEvent } from '../../src/domain/event.ts';
import { streamOf } from '../../src/domain/stream.ts';
import type { Accepted } from './accepted.ts';
import { addedTo } from './acts-of-migration.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

/** Each event is one of the version that the run was at by then, and says so. */
const checkPinned = ({ broken }: World, { id, events }: History): void => {
  let now = events[0]?.facts['definition'];
  for (const { type, facts, commit, revision } of events) {
    if (type === 'execution.migrated') {
      if (facts['from'] !== now) broken('a run goes over from the version that it is at', { id, revision });
      now = facts['definition'];
    } else if (facts['definition'] !== undefined && facts['definition'] !== now)
      broken('a run ends as the version that it is at', { id, revision, now });
    if (commit.metadata.definition !== now)
      broken('a run is decided by the version that it is at', { id, revision, now });
  }
};

/** What goes on to its end comes to the step that its version has there. */
const checkAdded = ({ broken }: World, { id, events, written }: History): void => {
  const end = events.at(-1);
  const hasCome = (step: string): boolean =>
    events.some(({ type, facts }) => type === 'variables.set' && facts['step'] === step);
  const isWhole = end?.type === 'execution.completed' && !JSON.stringify(written).includes('"end":true');
  for (const step of isWhole ? addedTo(written) : [])
    if (!hasCome(step)) broken('what completes has come to its last step', { id, step });
};

const isMigrated = ({ type }: RecordedEvent): boolean => type === 'execution.migrated';

/** Executions that went over to other versions are of those, wherever they are gone on with. */
export const checkMigrations = (
  world: World,
  histories: readonly History[],
  { migrated }: Accepted,
): void => {
  for (const history of histories) {
    checkPinned(world, history);
    checkAdded(world, history);
  }
  for (const { id, to, dryRun, known } of migrated) {
    if (known.what === 'refused' && ['EXECUTION_NOT_FOUND', 'VERSION_NOT_FOUND'].includes(known.code))
      world.broken('what is in the log is found', { id, to, code: known.code });
    if (dryRun || known.what !== 'answered' || known.answer.changed !== true) continue;
    const events = world.log.stream(streamOf('execution', id)).filter(isMigrated);
    if (!events.some(({ facts }) => facts['number'] === to))
      world.broken('what went over to another version says so', { id, to });
  }
};
