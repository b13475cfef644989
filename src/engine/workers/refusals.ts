import { Rejection } from '../../domain/rejection.ts';

/** The attempt of a token is not under way; nothing that is said of it counts. */
export const attemptOver = (reason: 'cancelled' | 'lost'): Rejection =>
  new Rejection('ATTEMPT_OVER', 'Expected the token of an attempt that is under way, but it is over.', {
    field: 'token',
    reason,
  });

/** Another node runs the execution of a token. */
export const notOwner = (): Rejection =>
  new Rejection(
    'NOT_OWNER',
    'Expected the token of an execution that this node runs, but another does: ask that.',
    { field: 'token' },
  );

/** The node cannot say what becomes of the attempt, and can be asked again. */
export const notReady = (): Rejection =>
  new Rejection('UNAVAILABLE', 'Expected a node that runs the execution, but it does not yet, or stops.');
