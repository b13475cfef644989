import { canonicalText } from '../../definition/canonical.ts';
import { RESERVED } from '../../definition/build/outline.ts';
import { own, type Json } from '../../json.ts';
import { Rejection } from '../../rejection.ts';
import type { SetVariables } from '../commands.ts';
import type { Turn } from '../turn.ts';
import { requireActive, requireStarted } from './refuse.ts';

/**
 * Sets variables of an execution that has not ended, or that has failed and may be retried with them; the others stay.
 * Throws `BAD_USER_INPUT` for a name that no variable can have.
 */
export const setVariables = (turn: Turn, { variables, reason }: SetVariables): void => {
  if (turn.state.status === 'failed') requireStarted(turn);
  else requireActive(turn);
  const { state } = turn;
  const names = Object.keys(variables);
  const reserved = names.find((name) => RESERVED.includes(name));
  if (reserved !== undefined) throw isReserved(reserved);
  if (names.every((name) => isSame(own(state.variables, name), variables[name] ?? null))) return;
  turn.emit({
    type: 'variables.set',
    facts: { workflow: state.workflow, step: '', names },
    payload: { variables, reason },
  });
};

const isSame = (before: Json | undefined, now: Json): boolean =>
  before !== undefined && canonicalText(before) === canonicalText(now);

const isReserved = (name: string): Rejection =>
  new Rejection(
    'BAD_USER_INPUT',
    `Expected names of variables, but every execution says its ${name} itself.`,
    { field: 'variables', found: name, expected: `a name that is none of ${RESERVED.join(', ')}` },
  );
