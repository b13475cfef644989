import { entityOf } from '../domain/stream.ts';
import {
  FLOW_EVENTS,
  NOTIFICATION_EVENTS,
  PARTITION_EVENTS,
  SCHEDULE_EVENTS,
  TRIGGER_EVENTS,
  WORKFLOW_EVENTS,
} from './ignored.ts';
import { LOGGED } from './logged.ts';
import { rowHead, textFact, type LoggedEvent, type RowHead } from './log-row.ts';
import type { Projection } from './projection.ts';

/**
 * Where a row of the log of a run stands; what it says is made of its event when it is read. One at a level of its own
 * stands for the row at `event` too, which every event has.
 */
export type LogDocument = RowHead & {
  readonly executionId: string;
  readonly workflow: string;
  readonly tenant: string;
  readonly step: string | null;
  readonly activity: string | null;
  /** Of its event. */
  readonly revision: number;
};

/** Digits of a revision: as texts they are in the order of the events. */
const DIGITS = 10;

/** One document an event of an execution, but those of parts that its definition wants no rows of. */
export const logs: Projection<LogDocument, LoggedEvent['type']> = {
  name: 'logs',
  version: 3,
  handles: LOGGED,
  ignores: [
    ...WORKFLOW_EVENTS,
    'event.emitted',
    ...TRIGGER_EVENTS,
    ...SCHEDULE_EVENTS,
    ...NOTIFICATION_EVENTS,
    ...FLOW_EVENTS,
    ...PARTITION_EVENTS,
  ],
  forgets: { field: 'executionId' },
  isOfOneExecution: true,
  isWrittenOnce: true,
  canWait: true,
  indexes: [
    { fields: ['executionId', 'at'] },
    { fields: ['tenant', 'level', 'at'] },
    { fields: ['tenant', 'step', 'at'] },
  ],
  keyOf: (event) =>
    rowHead(event) === undefined
      ? undefined
      : `${entityOf(event.stream)}:${String(event.revision).padStart(DIGITS, '0')}`,
  evolve(_, event) {
    return {
      ...(rowHead(event) ?? { level: 'event', component: 'workflow_engine', at: event.commit.metadata.at }),
      executionId: entityOf(event.stream),
      workflow: event.facts.workflow,
      tenant: event.commit.metadata.tenant,
      step: textFact(event, 'step'),
      activity: textFact(event, 'activity'),
      revision: event.revision,
    };
  },
};
