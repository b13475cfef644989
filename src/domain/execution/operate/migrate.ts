import type { Definition } from '../../definition/definition.ts';
import { Rejection } from '../../rejection.ts';
import type { Migrate } from '../commands.ts';
import { checkMigration } from '../migrate/check-migration.ts';
import type { MigrationReason } from '../migrate/refused.ts';
import type { Turn } from '../turn.ts';
import { requireActive, requireStarted, type Asked } from './refuse.ts';

/**
 * All that speaks against an execution going on with another version of its workflow; nothing when it can.
 * Throws `EXECUTION_ENDED` for one that has, and not failed, and `EXECUTION_REMOVED`.
 */
export const reasonsAgainst = (
  asked: Asked,
  current: Definition,
  to: Definition,
): readonly MigrationReason[] => {
  if (asked.state.status === 'failed') requireStarted(asked);
  else requireActive(asked);
  return to.hash === current.hash ? [] : checkMigration(current, to, asked.state);
};

/**
 * An execution that has not ended, or that has failed and may be retried, is one of another version from now on; one that
 * is that already stays so. Answers whether it was migrated. Throws `EXECUTION_ENDED`, `MIGRATION_REFUSED`.
 */
export const migrate = (turn: Turn, current: Definition, { to, number, reason }: Migrate): boolean => {
  const reasons = reasonsAgainst(turn, current, to);
  if (reasons.length > 0) throw refused(turn, number, reasons);
  if (to.hash === current.hash) return false;
  turn.emit({
    type: 'execution.migrated',
    facts: { workflow: turn.state.workflow, from: current.hash, definition: to.hash, number },
    payload: { reason },
  });
  return true;
};

const refused = ({ context }: Turn, number: number, reasons: readonly MigrationReason[]): Rejection => {
  const expected = `Expected a version that ${context.executionId} can go on with`;
  const why = reasons.map(({ message }) => message).join('\n');
  return new Rejection('MIGRATION_REFUSED', `${expected}, but against version ${number} there is:\n${why}`, {
    field: 'to',
    found: number,
    reasons: reasons.map((reason) => ({ ...reason })),
  });
};
