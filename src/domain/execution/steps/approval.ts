import { ExpressionError, type ApprovalStep, type Template } from '../../definition/definition.ts';
import type { Json } from '../../json.ts';
import { Rejection } from '../../rejection.ts';
import type { DecideApproval } from '../commands.ts';
import { evaluatePayload } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { completeStep, giveUp } from '../settle.ts';
import { openSpot, type Spot } from '../spot.ts';
import { stepOf } from '../state.ts';
import type { Turn } from '../turn.ts';
import { inTime, startWaiting, waitFacts } from '../wait-facts.ts';
import { withdraw } from '../withdraw.ts';

/** Asks for a decision; who may make it is settled here, once. */
export const beginApproval = (turn: Turn, spot: Spot<ApprovalStep>): void => {
  const { step, path, branch } = spot;
  const assignees = evaluatePayload(turn, () =>
    step.assignees === undefined
      ? []
      : namesOf(step.assignees, step.assignees.evaluate(scopeOf(turn, branch))),
  );
  if (!assignees.ok) {
    giveUp(turn, spot, assignees.error);
    return;
  }
  startWaiting(turn, spot, 'approval');
  const dueAt = step.timeout === undefined ? undefined : turn.context.now + step.timeout;
  const asked = { ...waitFacts(turn, path), assignees: assignees.value };
  turn.emit({
    type: 'approval.requested',
    facts: dueAt === undefined ? asked : { ...asked, dueAt },
  });
  if (dueAt === undefined) return;
  turn.emit({ type: 'timer.scheduled', facts: { ...waitFacts(turn, path), dueAt, purpose: 'timeout' } });
};

const LONGEST_NAME = 200;

const isName = (value: Json): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;

const namesOf = (template: Template, found: Json): readonly string[] => {
  const names = (Array.isArray(found) ? (found as readonly Json[]) : [found]).filter(isName);
  if (names.length > 0 && names.length === (Array.isArray(found) ? found.length : 1))
    return [...new Set(names)];
  const message = `Expected names of at most ${LONGEST_NAME} characters, at least one, but found ${JSON.stringify(found)}.`;
  throw new ExpressionError(JSON.stringify(template.source), '', message);
};

/** Nobody has decided in time. */
export const expireApproval = (turn: Turn, spot: Spot<ApprovalStep>, dueAt: number): void => {
  const { path, step } = spot;
  turn.emit({ type: 'timer.fired', facts: { ...waitFacts(turn, path), dueAt, purpose: 'timeout' } });
  withdraw(turn, path, 'timeout');
  const message = `Expected a decision ${inTime(step.timeout)}, but nobody has decided.`;
  giveUp(turn, spot, { type: 'Timeout', message, details: { kind: 'approval' } });
};

/**
 * Somebody has decided: either way the step completes. Throws `Rejection` (`APPROVAL_NOT_PENDING`, `NOT_AN_ASSIGNEE`).
 * Answers the step.
 */
export const decideApproval = (turn: Turn, { step: path, decision, by, comment }: DecideApproval): Spot => {
  const spot = openSpot(turn, path);
  const assignees = stepOf(turn.state, path)?.assignees;
  if (spot === undefined || assignees === undefined) throw notPending(turn, path);
  if (assignees.length > 0 && !assignees.includes(by)) throw notAnAssignee(path, by);
  turn.emit({
    type: 'approval.decided',
    facts: { ...waitFacts(turn, path), decision },
    payload: { by, comment },
  });
  const at = new Date(turn.context.now).toISOString();
  completeStep(turn, spot, { decision, by, comment, at });
  return spot;
};

const notPending = ({ state, context }: Turn, path: string): Rejection => {
  const { status = 'not reached' } = stepOf(state, path) ?? {};
  return new Rejection(
    'APPROVAL_NOT_PENDING',
    `Expected a step of ${context.executionId} that waits for a decision, but ${JSON.stringify(path)} is ${status}.`,
    { field: 'step', found: status, expected: 'the path of a step that waits for a decision' },
  );
};

// Who may decide is not told: it is asked for where that is allowed.
const notAnAssignee = (path: string, by: string): Rejection =>
  new Rejection(
    'NOT_AN_ASSIGNEE',
    `Expected somebody who is asked to decide ${JSON.stringify(path)}, but ${JSON.stringify(by)} is not.`,
    { field: 'by', found: by },
  );
