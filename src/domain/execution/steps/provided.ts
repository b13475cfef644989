import type { Json } from '../../json.ts';
import type { StepStarted } from '../events.ts';
import { labelOf } from '../label.ts';
import { begunLimit, limitOf } from '../limits.ts';
import type { Spot } from '../spot.ts';
import { stepOf } from '../state.ts';
import { waitedSince, type Turn } from '../turn.ts';

/** Starts an attempt of what the engine itself does, or queues the step until a node may begin it. */
export const beginProvided = (
  turn: Turn,
  spot: Spot,
  activity: string,
  input: Json,
  more: Pick<StepStarted['facts'], 'child'> = {},
): void => {
  const { state, context } = turn;
  const { path } = spot;
  const known = stepOf(state, path);
  const facts = { workflow: state.workflow, step: path, activity, attempt: (known?.attempt ?? 0) + 1 };
  if (context.takes !== false)
    turn.emit({
      type: 'step.started',
      facts: {
        ...facts,
        fallback: false,
        ...waitedSince(turn, known?.queuedAt),
        ...limitOf(turn, spot),
        ...labelOf(turn, spot),
        ...more,
      },
      payload: { input },
    });
  else if (known?.status !== 'queued' || known.done)
    turn.emit({
      type: 'step.queued',
      facts: { ...facts, reason: 'no_activity', ...begunLimit(known), ...labelOf(turn, spot) },
    });
};
