import { own } from '../json.ts';
import type { ExecutionAdmitted, ExecutionRequested, RunEvent } from './run-events.ts';
import { runsBranches, type ExecutionState } from './state.ts';

const requested = (
  { deadline: _later, ...state }: ExecutionState,
  { facts: { request, key, lane, priority } }: ExecutionRequested,
): ExecutionState => ({
  ...state,
  status: 'queued',
  request: {
    nth: request,
    key,
    isTold: false,
    ...(lane === undefined ? {} : { lane }),
    ...(priority === undefined ? {} : { priority }),
  },
});

const admitted = (state: ExecutionState, { facts }: ExecutionAdmitted): ExecutionState => {
  const { deadline, deadlines = {} } = facts;
  const steps = Object.entries(state.steps).map(([path, step]) => {
    const until = runsBranches(step) ? own(deadlines, path) : undefined;
    return [path, until === undefined ? step : { ...step, deadline: until }] as const;
  });
  return {
    ...state,
    status: 'running',
    ...(deadline === undefined ? {} : { deadline }),
    steps: Object.fromEntries(steps),
  };
};

/** The execution after something happened to its asking to go on. */
export const evolveRun = (state: ExecutionState, event: RunEvent, at: number): ExecutionState => {
  switch (event.type) {
    case 'execution.requested':
      return requested(state, event);
    case 'execution.admitted':
      return admitted(state, event);
    case 'execution.queued':
      return state.request === undefined
        ? state
        : { ...state, request: { ...state.request, isTold: true, queuedAt: at } };
    case 'execution.rejected':
      return state;
    default:
      return event satisfies never;
  }
};
