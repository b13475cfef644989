import type { Handled } from '../commands/executions.ts';
import type { ExecutionCommand, FailAttempt } from '../domain/execution/commands.ts';
import type { ErrorPayload } from '../domain/execution/events.ts';
import type { LogLine } from '../domain/execution/log-events.ts';
import type { PendingAttempt } from '../domain/execution/pending.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Reported } from '../ports/workers.ts';
import type { Outcome } from './attempt.ts';

/** Carries out what follows for an execution; nothing when that is another node's. */
export type TellExecution = (command: ExecutionCommand) => Promise<Handled | undefined>;

/** Records how an attempt ended, and what it wrote; resolves with nothing when that changed nothing. */
export const settleAttempt = async (
  tell: TellExecution,
  attempt: PendingAttempt,
  outcome: Outcome,
  lines: readonly LogLine[],
): Promise<Reported | undefined> => {
  const { step, attempt: number, compensation } = attempt;
  const of = { step, attempt: number, compensation, ...(lines.length === 0 ? {} : { lines }) };
  const reported = (handled: Handled | undefined, error?: ErrorPayload): Reported | undefined => {
    if (handled === undefined || handled.events.length === 0) return undefined;
    return { status: error === undefined ? 'completed' : 'failed', errorType: error?.type };
  };
  const fail = async (error: ErrorPayload, retry: FailAttempt['retry']): Promise<Reported | undefined> =>
    reported(await tell({ type: 'fail_attempt', ...of, error, retry }), error);

  if (!outcome.ok) return fail(outcome.error, outcome.retry);
  try {
    return reported(
      await tell(
        attempt.provided === 'workflow'
          ? { type: 'confirm_child', step, attempt: number, definition: outcome.output as string }
          : { type: 'complete_attempt', ...of, output: outcome.output },
      ),
    );
  } catch (error) {
    if (!(error instanceof Rejection) || error.code !== 'PAYLOAD_TOO_LARGE') throw error;
    return fail({ type: 'PayloadTooLarge', message: error.message, details: error.details }, 'never');
  }
};
