import { isAtLeast } from '../log-level.ts';
import type { LogLines } from './commands.ts';
import type { Turn } from './turn.ts';

/** Lines that matter less are not kept, where the definition says nothing. */
const USUAL = 'info';

/** Records what the activity of an attempt that is under way has written, as far as the definition wants it kept. */
export const recordLines = (
  turn: Turn,
  { step, attempt, compensation, lines = [] }: Omit<LogLines, 'type'>,
  activity: string,
): void => {
  const { level: least = USUAL, components } = turn.definition.logging ?? {};
  if (components?.includes('activity_executor') === false) return;
  for (const { level, at, message, fields } of lines) {
    if (!isAtLeast(level, least)) continue;
    const facts = {
      workflow: turn.state.workflow,
      step,
      activity,
      attempt,
      ...(compensation ? { compensation } : {}),
      level,
      at,
    };
    const payload = fields === undefined ? { message } : { message, fields };
    turn.emit({ type: 'step.logged', facts, payload });
  }
};
