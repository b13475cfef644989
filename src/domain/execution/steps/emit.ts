import type { EmitStep } from '../../definition/definition.ts';
import { evaluatePayload } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { giveUp } from '../settle.ts';
import type { Spot } from '../spot.ts';
import type { Turn } from '../turn.ts';
import { beginProvided } from './provided.ts';

/** Begins to emit an event, whose payload is what it was then. */
export const beginEmit = (turn: Turn, spot: Spot<EmitStep>): void => {
  const { step, branch } = spot;
  const payload = evaluatePayload(turn, () => step.payload?.evaluate(scopeOf(turn, branch)) ?? null);
  if (payload.ok) beginProvided(turn, spot, 'emit', payload.value);
  else giveUp(turn, spot, payload.error);
};
