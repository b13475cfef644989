import type { Definition } from '../../../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../../../src/domain/execution/commands.ts';
import type { ExecutionEvent } from '../../../src/domain/execution/events.ts';
import { pendingOf } from '../../../src/domain/execution/pending.ts';
import type { Given } from '../../spec/execution.ts';

/** What stands in the log of a run, in short: types with their steps, branches and targets. */
export const short = (events: readonly ExecutionEvent[]): readonly string[] =>
  events.map(({ type, facts }) => {
    const { step = '', branch, to } = facts as { step?: string; branch?: string; to?: string };
    const at = branch === undefined ? step : `${step}[${branch}]`;
    return `${type}${at === '' ? '' : ` ${at}`}${to === undefined ? '' : ` to ${to}`}`;
  });

/** What a run waits for, in short. */
export const waiting = (definition: Definition, { state }: Pick<Given, 'state'>): readonly string[] =>
  pendingOf(definition, state).map((pending) => `${pending.kind} ${pending.step}`);

/** A signal without a payload. */
export const signal = (name: string): ExecutionCommand => ({ type: 'signal', signal: name, payload: null });
