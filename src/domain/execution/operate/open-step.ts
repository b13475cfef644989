import { Rejection } from '../../rejection.ts';
import { nameOf } from '../path.ts';
import { openSpot, type Spot } from '../spot.ts';
import { phaseOf, stepOf } from '../state.ts';
import type { Turn } from '../turn.ts';
import { isBeingUndone, requireActive } from './refuse.ts';

/**
 * The step at a path, which has to be under way: called, waiting, queued or to be tried again.
 * Throws `EXECUTION_COMPENSATING`, `STEP_NOT_FOUND`, `STEP_NOT_ACTIVE`.
 */
export const requireOpenStep = (turn: Turn, path: string): Spot => {
  requireActive(turn);
  if (phaseOf(turn.state) === 'compensating')
    throw isBeingUndone(turn, 'only what is being undone can be completed or failed by hand');
  if (!turn.definition.places.has(nameOf(path))) throw noSuchStep(turn, path);
  const spot = phaseOf(turn.state) === 'queued' ? undefined : openSpot(turn, path);
  const known = stepOf(turn.state, path);
  if (spot === undefined || known === undefined || turn.state.failure !== undefined)
    throw notActive(turn, path, known?.status ?? 'not reached');
  return spot;
};

const noSuchStep = ({ definition }: Turn, path: string): Rejection =>
  new Rejection(
    'STEP_NOT_FOUND',
    `Expected the path of a step of ${definition.workflow}, but it has none called "${nameOf(path)}".`,
    { field: 'step', found: path, expected: [...definition.places.keys()] },
  );

/** A step that nothing can be done to by hand. */
const notActive = ({ context }: Turn, path: string, found: string): Rejection =>
  new Rejection(
    'STEP_NOT_ACTIVE',
    `Expected a step of ${context.executionId} that is under way, but "${path}" is ${found}.`,
    { field: 'step', found, expected: 'running, waiting, queued or retrying' },
  );
