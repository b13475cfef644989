import { keyOfLimit } from '../flow/limits.ts';
import { advanceAll } from './advance.ts';
import type { AdmitRun, QueueRun, RejectRun } from './commands.ts';
import { rankOf } from './rank.ts';
import { failExecution } from './settle.ts';
import { spotAt } from './spot.ts';
import { runsBranches } from './state.ts';
import { limitedBy, waitedSince, type Turn } from './turn.ts';

/** Until when a run and the blocks that it goes on in have time now. */
export const limitsOfRun = (
  turn: Turn,
  blocks: readonly string[],
): { readonly deadline?: number; readonly deadlines?: Readonly<Record<string, number>> } => {
  const limits = blocks.flatMap((path) => {
    const { deadline } = limitedBy(turn, spotAt(turn, path)?.step.stepTimeout);
    return deadline === undefined ? [] : [[path, deadline] as const];
  });
  const run = limitedBy(turn, turn.definition.runTimeout);
  return limits.length === 0 ? run : { ...run, deadlines: Object.fromEntries(limits) };
};

/** Whether a run has to ask before it goes on. */
export const isLimited = ({ definition }: Turn): boolean => definition.concurrency?.workflows !== undefined;

/** Goes on with a run that has begun, or was retried: at once, or by asking where only so many may. */
export const goOnWithRun = (turn: Turn): void => {
  const limit = turn.definition.concurrency?.workflows;
  if (limit === undefined) {
    advanceAll(turn);
    return;
  }
  const rank = rankOf(turn);
  if (!rank.ok) {
    failExecution(turn, '', rank.error);
    return;
  }
  const { workflow, request } = turn.state;
  const key = keyOfLimit({ limit, workflow, activity: '', ...rank.value });
  const facts = { workflow, request: (request?.nth ?? 0) + 1, key, ...rank.value };
  turn.emit({ type: 'execution.requested', facts });
};

const GATE = 'max_workflows';

/** Takes the answer to a run that asks; one that it does not wait for any more, or for now, changes nothing. */
export const answerRun = (turn: Turn, command: AdmitRun | QueueRun | RejectRun): void => {
  const { status, request, workflow } = turn.state;
  if (status !== 'queued' || request?.nth !== command.request) return;
  const of = { workflow, request: request.nth, gate: GATE, key: command.key } as const;
  switch (command.type) {
    case 'queue_run': {
      const { position } = command;
      if (!request.isTold)
        turn.emit({ type: 'execution.queued', facts: { ...of, position, of: command.of } });
      return;
    }
    case 'admit_run': {
      const blocks = Object.entries(turn.state.steps).flatMap(([path, step]) =>
        !step.done && runsBranches(step) ? [path] : [],
      );
      const waited = waitedSince(turn, request.queuedAt);
      const facts = { ...of, count: command.count, of: command.of, ...waited, ...limitsOfRun(turn, blocks) };
      turn.emit({ type: 'execution.admitted', facts });
      return advanceAll(turn);
    }
    case 'reject_run': {
      const { error, count } = command;
      const facts = { ...of, count, of: command.of, errorType: error.type };
      turn.emit({ type: 'execution.rejected', facts, payload: { error } });
      return failExecution(turn, '', error);
    }
    default:
      return command satisfies never;
  }
};
