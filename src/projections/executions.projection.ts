import type { ExecutionStatus } from '../domain/execution/events.ts';
import type { Searchable } from '../domain/execution/search.ts';
import type { EventOf, EventType, Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import type { ExecutionDocument } from './execution-document.ts';
import { EXECUTION_INDEXES } from './execution-indexes.ts';
import {
  BRANCH_EVENTS,
  CAPTURE_EVENTS,
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import type { Projection } from './projection.ts';
import { termsOf } from './search-terms.ts';
import { awaitedUndoing, begunUndoing, withDone, withFailed } from './undoing.ts';
import { begun, ended as over, type StepUnderWay, type UnderWay } from './under-way.ts';

const HANDLES = [
  'execution.started',
  'execution.requested',
  'execution.admitted',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.paused',
  'execution.resumed',
  'execution.retried',
  'execution.migrated',
  'saga.compensating',
  'saga.compensated',
  'step.queued',
  'step.requested',
  'step.rejected',
  'step.started',
  'step.completed',
  'step.failed',
  'step.skipped',
  'step.cancelled',
  'step.retry_scheduled',
  'step.compensating',
  'step.compensated',
  'step.compensation_failed',
  'variables.set',
  'timer.scheduled',
  'timer.fired',
  'signal.awaited',
  'signal.received',
  'approval.requested',
  'approval.decided',
  'approval.withdrawn',
  'child.started',
] as const satisfies readonly EventType[];

type Event = Recorded<(typeof HANDLES)[number]>;
type Draft = { -readonly [Field in keyof ExecutionDocument]: ExecutionDocument[Field] };

const blank = ({ stream, facts, commit }: Event): ExecutionDocument => ({
  id: entityOf(stream),
  workflow: facts.workflow,
  definition: '',
  status: 'running',
  trigger: '',
  triggeredBy: commit.metadata.actor.kind,
  tenant: commit.metadata.tenant,
  tracing: null,
  search: {},
  tags: [],
  terms: [],
  parent: null,
  parentStep: null,
  depth: 0,
  startedAt: commit.metadata.at,
  endedAt: null,
  duration: null,
  step: null,
  waiting: null,
  dueAt: null,
  deadline: null,
  underWay: [],
  stepsCompleted: 0,
  stepsFailed: 0,
  stepsSkipped: 0,
  stepsCompensated: 0,
  retries: 0,
  errorType: null,
  errorStep: null,
  uncompensated: [],
  uncompensatedCount: 0,
  undoing: null,
  stream,
  inputRevision: 0,
  errorRevision: null,
  revision: 0,
  updatedAt: 0,
});

const NOTHING: UnderWay & Pick<ExecutionDocument, 'deadline'> = {
  underWay: [],
  step: null,
  waiting: null,
  dueAt: null,
  deadline: null,
};

const at = (
  draft: Draft,
  step: string,
  waiting: StepUnderWay['waiting'],
  dueAt: number | null,
  deadline?: number,
): void => {
  Object.assign(draft, begun(draft.underWay, { step, waiting, dueAt, deadline }, draft.deadline));
};

const settled = (draft: Draft, step: string): void => {
  Object.assign(draft, over(draft.underWay, step, draft.deadline));
};

const failed = (draft: Draft, facts: { step: string; errorType: string }): void => {
  draft.errorType = facts.errorType;
  draft.errorStep = facts.step === '' ? null : facts.step;
};

const ended = (
  draft: Draft,
  status: ExecutionStatus,
  facts: { definition: string; startedAt: number; duration: number },
): void => {
  Object.assign(draft, NOTHING);
  draft.status = status;
  draft.definition = facts.definition;
  draft.startedAt = facts.startedAt;
  draft.endedAt = facts.startedAt + facts.duration;
  draft.duration = facts.duration;
};

const found = (draft: Draft, { search = {}, tags = [] }: Searchable): void => {
  draft.search = search;
  draft.tags = tags;
  draft.terms = termsOf(search, tags);
};

const left = (
  draft: Draft,
  { uncompensated = [], uncompensatedCount = uncompensated.length }: EventOf<'execution.cancelled'>['facts'],
): void => {
  draft.uncompensated = uncompensated;
  draft.uncompensatedCount = uncompensatedCount;
};

/** Goes on in these blocks, of which there are no events of their beginning anew. */
const retried = (
  draft: Draft,
  { blocks, compensates, deadline, deadlines = {} }: EventOf<'execution.retried'>['facts'],
): void => {
  Object.assign(draft, NOTHING);
  draft.deadline = deadline ?? null;
  draft.dueAt = draft.deadline;
  draft.status = 'running';
  draft.endedAt = null;
  draft.duration = null;
  draft.errorType = null;
  draft.errorStep = null;
  draft.errorRevision = null;
  draft.uncompensated = [];
  draft.uncompensatedCount = 0;
  if (compensates === undefined) draft.undoing = null;
  for (const block of blocks) at(draft, block, 'branches', null, deadlines[block]);
};

const change = (draft: Draft, event: Event): void => {
  switch (event.type) {
    case 'execution.started':
      draft.definition = event.facts.definition;
      draft.trigger = event.facts.trigger;
      draft.tracing = event.facts.tracing ?? null;
      found(draft, event.facts);
      draft.parent = event.facts.parent ?? null;
      draft.parentStep = event.facts.parentStep ?? null;
      draft.depth = event.facts.depth ?? 0;
      draft.inputRevision = event.revision;
      draft.deadline = event.facts.deadline ?? null;
      draft.dueAt = draft.deadline;
      return;
    case 'execution.requested':
      draft.status = 'queued';
      return;
    case 'execution.admitted':
      draft.status = 'running';
      return;
    case 'execution.completed':
      if (event.facts.search !== undefined) found(draft, { search: event.facts.search, tags: draft.tags });
      return ended(draft, 'completed', event.facts);
    case 'execution.failed':
      ended(draft, 'failed', event.facts);
      failed(draft, event.facts);
      draft.errorRevision = event.revision;
      left(draft, event.facts);
      if (event.facts.awaits !== undefined) draft.undoing = awaitedUndoing(draft.uncompensatedCount);
      return;
    case 'execution.cancelled':
      left(draft, event.facts);
      return ended(draft, 'cancelled', event.facts);
    case 'execution.paused':
      draft.status = 'paused';
      return;
    case 'execution.resumed':
      draft.status = event.facts.to;
      return;
    case 'execution.retried':
      return retried(draft, event.facts);
    case 'execution.migrated':
      draft.definition = event.facts.definition;
      return;
    case 'saga.compensating':
      Object.assign(draft, NOTHING);
      failed(draft, event.facts);
      draft.status = 'compensating';
      draft.deadline = event.facts.deadline ?? null;
      draft.dueAt = draft.deadline;
      draft.undoing = begunUndoing(draft.undoing, event.facts.steps.length + (event.facts.more ?? 0));
      draft.errorRevision = event.revision;
      return;
    case 'saga.compensated':
      ended(draft, 'compensated', event.facts);
      return failed(draft, event.facts);
    case 'step.queued':
      return at(draft, event.facts.step, 'queued', event.facts.dueAt ?? null, event.facts.deadline);
    case 'step.requested':
      return at(draft, event.facts.step, 'queued', event.facts.dueAt ?? null);
    case 'step.started': {
      const { step, block, deadline } = event.facts;
      return at(draft, step, block === undefined ? null : 'branches', null, deadline);
    }
    case 'step.compensating':
      return at(draft, event.facts.step, null, null);
    case 'variables.set':
      if (event.facts.step === '') return;
      draft.stepsCompleted += 1;
      return settled(draft, event.facts.step);
    case 'step.completed':
      draft.stepsCompleted += 1;
      return settled(draft, event.facts.step);
    case 'step.failed': {
      const { handled } = event.facts;
      if (handled !== 'activity' && handled !== 'skip') draft.stepsFailed += 1;
      return settled(draft, event.facts.step);
    }
    case 'step.skipped':
      draft.stepsSkipped += 1;
      return settled(draft, event.facts.step);
    case 'step.cancelled':
      return settled(draft, event.facts.step);
    case 'step.rejected': {
      const { step, dueAt } = event.facts;
      if (dueAt === undefined) return;
      draft.retries += 1;
      return at(draft, step, 'timer', dueAt);
    }
    case 'step.retry_scheduled':
      draft.retries += 1;
      return at(draft, event.facts.step, 'timer', event.facts.dueAt);
    case 'step.compensated':
      draft.stepsCompensated += 1;
      draft.undoing = withDone(draft.undoing, event.facts.step);
      return settled(draft, event.facts.step);
    case 'step.compensation_failed':
      draft.undoing = withFailed(draft.undoing, event.facts.step);
      return settled(draft, event.facts.step);
    case 'timer.scheduled': {
      const { step, purpose, dueAt } = event.facts;
      const isAsked = draft.underWay.some((known) => known.step === step && known.waiting === 'approval');
      return at(draft, step, purpose === 'wait' ? 'timer' : isAsked ? 'approval' : 'signal', dueAt);
    }
    case 'timer.fired': {
      const { step, purpose } = event.facts;
      // What comes of a limit is told by what follows.
      return purpose === 'wait' || purpose === 'timeout' ? at(draft, step, null, null) : undefined;
    }
    case 'signal.awaited':
      return at(draft, event.facts.step, 'signal', null);
    case 'signal.received':
      if (event.facts.step !== '') at(draft, event.facts.step, null, null);
      return;
    case 'approval.requested':
      return at(draft, event.facts.step, 'approval', null);
    case 'approval.decided':
    case 'approval.withdrawn':
      return at(draft, event.facts.step, null, null);
    case 'child.started':
      if (event.facts.awaited) at(draft, event.facts.step, 'child', null);
      return;
    default:
      return event satisfies never;
  }
};

/** One document an execution, by its id. */
export const executions: Projection<ExecutionDocument, Event['type']> = {
  name: 'executions',
  version: 6,
  handles: HANDLES,
  ignores: [
    ...BRANCH_EVENTS,
    'saga.continued',
    'execution.queued',
    'execution.rejected',
    ...CAPTURE_EVENTS,
    'step.jumped',
    'child.ended',
    'child.cancel_requested',
    'step.heartbeat',
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    'step.admitted',
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  forgets: 'key',
  isOfOneExecution: true,
  indexes: EXECUTION_INDEXES,
  keyOf: ({ stream }) => entityOf(stream),
  evolve(doc, event) {
    const draft: Draft = {
      ...(doc ?? blank(event)),
      revision: event.revision,
      updatedAt: event.commit.metadata.at,
    };
    change(draft, event);
    return draft;
  },
};
