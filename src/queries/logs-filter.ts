import type { Component } from '../domain/definition/observed.ts';
import { LOG_LEVELS } from '../domain/log-level.ts';
import type { LogRow, RowLevel } from '../projections/log-row.ts';
import type { Condition, Scalar } from '../ports/read-models.ts';

/** Which rows; what is left out does not matter. Times are ms since the Unix epoch. */
export interface LogsFilter {
  readonly executionId?: string | undefined;
  readonly workflow?: string | undefined;
  readonly step?: string | undefined;
  readonly activity?: string | undefined;
  readonly levels?: readonly RowLevel[] | undefined;
  readonly components?: readonly Component[] | undefined;
  /** Stands in the message, in small letters or capitals. */
  readonly text?: string | undefined;
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

const equal = (field: string, value: Scalar | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ field, op: 'eq', value }];

/** Every level: a document has one of them. */
const LEVELS: readonly RowLevel[] = [...LOG_LEVELS, 'event'];

/** What a filter says of the level that documents are at: every one stands for a row at `event`, whatever else it is. */
const levelsOf = ({ levels, executionId, step }: LogsFilter): readonly RowLevel[] | undefined => {
  if (levels !== undefined && !levels.includes('event')) return levels;
  // What no other index has in its order is walked level by level, merged.
  return executionId === undefined && step === undefined ? LEVELS : undefined;
};

/** What of a filter documents are found by: of those that are found some may not be meant. */
export const conditionsOf = (filter: LogsFilter): readonly Condition[] => {
  const { components, from, before } = filter;
  const levels = levelsOf(filter);
  return [
    ...equal('executionId', filter.executionId),
    ...equal('workflow', filter.workflow),
    ...equal('step', filter.step),
    ...equal('activity', filter.activity),
    ...(levels === undefined ? [] : [{ field: 'level', op: 'in', values: levels } as const]),
    ...(components === undefined ? [] : [{ field: 'component', op: 'in', values: components } as const]),
    ...(from === undefined ? [] : [{ field: 'at', op: 'gte', value: from } as const]),
    ...(before === undefined ? [] : [{ field: 'at', op: 'lt', value: before } as const]),
  ];
};

/** Whether a filter wants a row. */
export const wantsRow = (filter: LogsFilter): ((row: LogRow) => boolean) => {
  const text = filter.text?.toLowerCase();
  const { executionId, workflow, step, activity, levels, components, from, before } = filter;
  return (row) =>
    (executionId === undefined || row.executionId === executionId) &&
    (workflow === undefined || row.workflow === workflow) &&
    (step === undefined || row.step === step) &&
    (activity === undefined || row.activity === activity) &&
    (levels === undefined || levels.includes(row.level)) &&
    (components === undefined || components.includes(row.component)) &&
    (from === undefined || row.at >= from) &&
    (before === undefined || row.at < before) &&
    (text === undefined || row.message.toLowerCase().includes(text));
};
