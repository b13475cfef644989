import { registerEnumType } from '@nestjs/graphql';
import type { Component } from '../../domain/definition/observed.ts';
import type { RowLevel } from '../../projections/log-row.ts';

type Values<T extends string> = Readonly<Record<Uppercase<T>, T>>;

/** How much a row matters. */
export const LogLevels: Values<RowLevel> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
  EVENT: 'event',
};

registerEnumType(LogLevels, {
  name: 'LogLevel',
  description: 'How much a row of a log matters.',
  valuesMap: {
    TRACE: { description: 'Every turn.' },
    DEBUG: { description: 'For whoever looks for a fault.' },
    INFO: { description: 'As it should be.' },
    WARN: { description: 'Worth a look.' },
    ERROR: { description: 'Something has failed.' },
    FATAL: { description: 'Nothing goes on.' },
    EVENT: { description: 'That something happened: every event has such a row.' },
  },
});

/** Parts of the server. */
export const LogComponents: Values<Component> = {
  WORKFLOW_ENGINE: 'workflow_engine',
  ACTIVITY_EXECUTOR: 'activity_executor',
  STATE_MANAGER: 'state_manager',
};

registerEnumType(LogComponents, {
  name: 'LogComponent',
  description: 'The part of the server that a row of a log comes from.',
  valuesMap: {
    WORKFLOW_ENGINE: { description: 'Which way a run takes.' },
    ACTIVITY_EXECUTOR: { description: 'Calls of activities, and what they write.' },
    STATE_MANAGER: { description: 'Variables, signals, times and decisions.' },
  },
});

/** How rows are ordered. */
export const LogOrders = { TIMESTAMP_DESC: 'desc', TIMESTAMP_ASC: 'asc' } as const;

registerEnumType(LogOrders, {
  name: 'LogOrder',
  description: 'How rows of logs are ordered.',
  valuesMap: {
    TIMESTAMP_DESC: { description: 'The latest comes first.' },
    TIMESTAMP_ASC: { description: 'The earliest comes first.' },
  },
});
