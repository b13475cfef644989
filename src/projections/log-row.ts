import type { Component, Logging } from '../domain/definition/observed.ts';
import type { RecordedEvent } from '../domain/event.ts';
import { own, type JsonObject } from '../domain/json.ts';
import { isAtLeast, type LogLevel } from '../domain/log-level.ts';
import type { Recorded } from '../domain/registry.ts';
import { entityOf } from '../domain/stream.ts';
import { elapsedText } from './elapsed.ts';
import type { LOGGED } from './logged.ts';

/** How much a row matters; every event is also a row at `event`. */
export type RowLevel = LogLevel | 'event';

/** An event that is in the log of its run. */
export type LoggedEvent = Recorded<(typeof LOGGED)[number]>;

/** One row of the log of a run. */
export interface LogRow {
  /** Unique among all rows. */
  readonly id: string;
  readonly executionId: string;
  readonly workflow: string;
  /** The step's path. */
  readonly step: string | null;
  readonly activity: string | null;
  readonly attempt: number | null;
  readonly level: RowLevel;
  readonly component: Component;
  /** Type of its event. */
  readonly type: string;
  readonly message: string;
  readonly fields: JsonObject;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly revision: number;
  readonly position: bigint;
}

/** Behind the id of the row that says of an event only that it happened, when another one says more. */
const SECOND = ':event';

const USUAL: Logging = { level: 'info' };

const STATE = /^(variables|signal|timer|approval)\./;
const CALLS = /^step\.(started|completed|failed|retry_scheduled|cancelled|compensat\w+|\w+_recorded|logged)$/;

const componentOf = (type: string): Component => {
  if (STATE.test(type)) return 'state_manager';
  return CALLS.test(type) ? 'activity_executor' : 'workflow_engine';
};

const levelOf = (event: LoggedEvent): RowLevel => {
  switch (event.type) {
    case 'step.logged':
      return event.facts.level;
    case 'step.failed':
    case 'step.compensation_failed':
    case 'execution.failed':
      return 'error';
    case 'step.retry_scheduled':
    case 'saga.compensating':
      return 'warn';
    case 'step.started':
    case 'step.completed':
    case 'step.compensated':
    case 'execution.started':
    case 'execution.completed':
    case 'execution.cancelled':
    case 'saga.compensated':
      return 'info';
    default:
      return 'event';
  }
};

/** What is known of a row by facts alone. */
export type RowHead = {
  readonly level: RowLevel;
  readonly component: Component;
  readonly at: number;
};

/** The row of an event that matters most; `undefined` when its definition wants none of its part of the server. */
export const rowHead = (event: LoggedEvent): RowHead | undefined => {
  const { logging = USUAL, at } = event.commit.metadata;
  const component = componentOf(event.type);
  if (logging.components?.includes(component) === false) return undefined;
  const level = levelOf(event);
  const isKept = level !== 'event' && isAtLeast(level, logging.level);
  return {
    level: isKept ? level : 'event',
    component,
    at: event.type === 'step.logged' ? event.facts.at : at,
  };
};

interface Payload {
  readonly message?: string;
  readonly fields?: JsonObject;
  readonly error?: { readonly message?: string };
}

const messageOf = (event: LoggedEvent, { message = '', error }: Payload): string => {
  switch (event.type) {
    case 'step.logged':
      return message;
    case 'step.started':
      return `Step started: ${event.facts.step}`;
    case 'step.completed':
      return `Step completed: ${event.facts.step} (${elapsedText(event.facts.duration)})`;
    case 'step.compensated':
      return `Step compensated: ${event.facts.step} (${elapsedText(event.facts.duration)})`;
    case 'execution.started':
      return `Execution started: workflow=${event.facts.workflow}`;
    case 'execution.completed':
      return `Execution completed (${elapsedText(event.facts.duration)})`;
    case 'execution.cancelled':
      return `Execution cancelled (${elapsedText(event.facts.duration)})`;
    case 'saga.compensated':
      return `Execution compensated (${elapsedText(event.facts.duration)})`;
    default:
      return error?.message === undefined ? event.type : `${event.type}: ${error.message}`;
  }
};

/** A fact that is a text and not empty, if the event has it. */
export const textFact = ({ facts }: LoggedEvent, name: 'step' | 'activity'): string | null => {
  const value = own(facts as object as JsonObject, name);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** The rows of an event as it stands in the log: what it says to people, if anything, and that it happened. */
export const rowsOf = (recorded: RecordedEvent): readonly LogRow[] => {
  const event = recorded as LoggedEvent;
  const head = rowHead(event);
  if (head === undefined) return [];
  const payload = JSON.parse(event.payload ?? '{}') as Payload;
  const executionId = entityOf(event.stream);
  const { workflow, ...facts } = event.facts as LoggedEvent['facts'] & JsonObject;
  const attempt = own(facts as JsonObject, 'attempt');
  const row: LogRow = {
    id: `${executionId}:${event.revision}`,
    executionId,
    workflow,
    step: textFact(event, 'step'),
    activity: textFact(event, 'activity'),
    attempt: typeof attempt === 'number' ? attempt : null,
    ...head,
    type: event.type,
    message: head.level === 'event' ? event.type : messageOf(event, payload),
    fields: event.type === 'step.logged' ? (payload.fields ?? {}) : facts,
    revision: event.revision,
    position: event.position,
  };
  if (head.level === 'event') return [row];
  return [row, { ...row, id: `${row.id}${SECOND}`, level: 'event', message: event.type }];
};

/** Which of the rows of its event it is, from 1. */
export const ordinalOf = ({ id }: Pick<LogRow, 'id'>): number => (id.endsWith(SECOND) ? 2 : 1);
