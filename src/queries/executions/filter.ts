import type { Actor } from '../../domain/event.ts';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { Condition, Scalar } from '../../ports/read-models.ts';
import { attributeConditions, tagCondition, type AttributeFilter } from './attributes.ts';
import type { ExecutionDocument } from '../../projections/execution-document.ts';

/** Which executions; what is left out does not matter. Times are ms since the Unix epoch, durations ms. */
export interface ExecutionsFilter {
  readonly workflow?: string | undefined;
  /** Number of the version that they are pinned to; needs the workflow. */
  readonly version?: number | undefined;
  /** Hash of the definition that they are pinned to. */
  readonly definition?: string | undefined;
  readonly status?: readonly ExecutionStatus[] | undefined;
  readonly trigger?: string | undefined;
  readonly triggeredBy?: Actor['kind'] | undefined;
  /** Who started them, as their token said: it stands in the log only. */
  readonly triggeredByUser?: string | undefined;
  readonly tenant?: string | undefined;
  readonly errorType?: string | undefined;
  /** Stands in what their error says, in small letters or capitals: it stands in the log only. */
  readonly errorText?: string | undefined;
  /** All of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** What attributes of their definition's own are; all must hold. */
  readonly search?: readonly AttributeFilter[] | undefined;
  /** Id of the execution whose children they are. */
  readonly parent?: string | undefined;
  readonly startedFrom?: number | undefined;
  readonly startedBefore?: number | undefined;
  readonly endedFrom?: number | undefined;
  readonly endedBefore?: number | undefined;
  readonly durationFrom?: number | undefined;
  readonly durationBefore?: number | undefined;
}

type Field = keyof ExecutionDocument;

const equal = (field: Field, value: Scalar | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ field, op: 'eq', value }];

const within = (field: Field, from: number | undefined, before: number | undefined): readonly Condition[] => [
  ...(from === undefined ? [] : [{ field, op: 'gte', value: from } as const]),
  ...(before === undefined ? [] : [{ field, op: 'lt', value: before } as const]),
];

/** Statuses of executions that may have met an error. */
const WITH_ERRORS: readonly ExecutionStatus[] = [
  'failed',
  'compensating',
  'compensated',
  'cancelled',
  'paused',
];

const statusesOf = ({ status, errorText }: ExecutionsFilter): readonly ExecutionStatus[] | undefined => {
  if (errorText === undefined) return status;
  return status === undefined ? WITH_ERRORS : status.filter((one) => WITH_ERRORS.includes(one));
};

/** What of a filter the view says; `version` is left to whoever knows the hash of it. */
export const conditionsOf = (filter: ExecutionsFilter): readonly Condition[] => {
  const status = statusesOf(filter);
  return [
    ...equal('workflow', filter.workflow),
    ...equal('definition', filter.definition),
    ...(status === undefined ? [] : [{ field: 'status', op: 'in', values: status } as const]),
    ...equal('trigger', filter.trigger),
    ...equal('triggeredBy', filter.triggeredBy),
    ...equal('tenant', filter.tenant),
    ...equal('errorType', filter.errorType),
    ...equal('parent', filter.parent),
    ...(filter.tags ?? []).map(tagCondition),
    ...(filter.search ?? []).flatMap(attributeConditions),
    ...within('startedAt', filter.startedFrom, filter.startedBefore),
    ...within('endedAt', filter.endedFrom, filter.endedBefore),
    ...within('duration', filter.durationFrom, filter.durationBefore),
  ];
};
