import { registerEnumType } from '@nestjs/graphql';
import type { Gate } from '../../domain/execution/admission-events.ts';
import type { CatchUp, Overlap } from '../../domain/definition/schedule.ts';
import type { Actor } from '../../domain/event.ts';
import type { Role } from '../../domain/access/grant.ts';
import type { ApprovalDecision } from '../../domain/execution/approval-events.ts';
import type { ExecutionStatus } from '../../domain/execution/events.ts';
import type { Channel } from '../../domain/notification/target.ts';
import type { Category } from '../../domain/stream.ts';
import type { Monitoring } from '../../queries/queries.ts';
import type { NotificationDocument } from '../../projections/notifications.projection.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';

type Values<T extends string> = Readonly<Record<Uppercase<T>, T>>;

const described = (descriptions: Readonly<Record<string, string>>): Record<string, { description: string }> =>
  Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, { description }]));

/** Every status of an execution. */
export const ExecutionStatuses: Values<ExecutionStatus> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  COMPENSATING: 'compensating',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  COMPENSATED: 'compensated',
};

registerEnumType(ExecutionStatuses, {
  name: 'ExecutionStatus',
  description: 'How an execution stands.',
  valuesMap: described({
    QUEUED: 'It waits until fewer executions of its workflow go on than may.',
    RUNNING: 'Its steps are being carried out.',
    COMPENSATING: 'A step failed, or it was cancelled, and what was done is being undone.',
    PAUSED: 'Nothing new is begun until it is resumed.',
    COMPLETED: 'All its steps are through.',
    FAILED: 'It ended with an error, and what was done was not undone, or not all of it; it can be retried.',
    CANCELLED: 'Somebody ended it.',
    COMPENSATED: 'It ended with an error, and all that was done was undone.',
  }),
});

/** Every kind of actor. */
export const ActorKinds: Values<Actor['kind']> = {
  USER: 'user',
  ENGINE: 'engine',
  TRIGGER: 'trigger',
  OPERATOR: 'operator',
};

registerEnumType(ActorKinds, {
  name: 'ActorKind',
  description: 'What kind of actor did something.',
  valuesMap: described({
    USER: 'Somebody who called the API.',
    ENGINE: 'The engine by itself.',
    TRIGGER: 'An event, a request or a schedule.',
    OPERATOR: 'An operator.',
  }),
});

/** Every way in which somebody is told of something. */
export const Channels: Values<Channel> = { SLACK: 'slack', EMAIL: 'email', WEBHOOK: 'webhook' };

registerEnumType(Channels, {
  name: 'Channel',
  description: 'How somebody is told of something.',
  valuesMap: described({
    SLACK: 'An incoming webhook of Slack.',
    EMAIL: 'E-mail.',
    WEBHOOK: 'A signed request.',
  }),
});

/** Every status of a notification. */
export const NotificationStatuses: Values<NotificationDocument['status']> = {
  PENDING: 'pending',
  SENT: 'sent',
  DEAD_LETTERED: 'dead_lettered',
};

registerEnumType(NotificationStatuses, {
  name: 'NotificationStatus',
  description: 'How a notification stands.',
  valuesMap: described({
    PENDING: 'It is to be sent, or to be tried again.',
    SENT: 'The channel has taken it.',
    DEAD_LETTERED: 'It was given up; `resendNotification` tries it again.',
  }),
});

/** What can be decided. */
export const ApprovalDecisions: Values<ApprovalDecision> = { APPROVED: 'approved', REJECTED: 'rejected' };

registerEnumType(ApprovalDecisions, {
  name: 'ApprovalDecision',
  description: 'What somebody decides.',
  valuesMap: described({ APPROVED: 'It is to be so.', REJECTED: 'It is not to be so.' }),
});

/** What an entry of a timeline is about. */
export const TimelineKinds: Values<TimelineDocument['kind']> = {
  EXECUTION: 'execution',
  STEP: 'step',
  BLOCK: 'block',
  BRANCH: 'branch',
  COMPENSATION: 'compensation',
  WAIT: 'wait',
  QUEUED: 'queued',
  ADMISSION: 'admission',
  REJECTION: 'rejection',
  BREAKER: 'breaker',
  SKIP: 'skip',
  JUMP: 'jump',
  VARIABLES: 'variables',
  SIGNAL: 'signal',
  APPROVAL: 'approval',
  DECISION: 'decision',
  PAUSE: 'pause',
  MIGRATION: 'migration',
  CHILD: 'child',
  TIMEOUT: 'timeout',
};

registerEnumType(TimelineKinds, {
  name: 'TimelineKind',
  description: 'What an entry of a timeline is about.',
  valuesMap: described({
    EXECUTION: 'The execution itself.',
    STEP: 'An attempt of a step.',
    BLOCK: 'A step that runs steps of its own.',
    BRANCH: 'A branch of a block that failed or was given up.',
    COMPENSATION: 'An attempt to undo a step.',
    WAIT: 'A wait for a time or a signal.',
    QUEUED: 'A step that nobody could serve yet, or that waits for its turn.',
    ADMISSION: 'An attempt that was let through by what limits its activity.',
    REJECTION: 'An attempt that was not made because of what limits its activity.',
    BREAKER: 'A circuit breaker that an attempt opened, half opened or closed.',
    SKIP: 'A step that was skipped.',
    JUMP: 'The run went on elsewhere than at the next step.',
    VARIABLES: 'A step, or an operator, that set variables.',
    SIGNAL: 'A signal that came in.',
    APPROVAL: 'A wait for a decision.',
    DECISION: 'A decision that somebody has made.',
    PAUSE: 'A pause of the execution.',
    MIGRATION: 'The execution went over to another version, whose hash is `to`.',
    CHILD: 'An attempt of a step that runs another workflow.',
    TIMEOUT: 'The time of a step, of its waiting to be served, of the execution, or of its undoing was over.',
  }),
});

/** How an entry of a timeline stands. */
export const TimelineStatuses: Values<TimelineDocument['status']> = {
  ...ExecutionStatuses,
  ...ApprovalDecisions,
  WAITING: 'waiting',
  QUEUED: 'queued',
  ADMITTED: 'admitted',
  REJECTED: 'rejected',
  OPEN: 'open',
  HALF_OPEN: 'half_open',
  CLOSED: 'closed',
  SKIPPED: 'skipped',
  JUMPED: 'jumped',
  SET: 'set',
  RECEIVED: 'received',
  RESUMED: 'resumed',
  MIGRATED: 'migrated',
};

registerEnumType(TimelineStatuses, {
  name: 'TimelineStatus',
  description: 'How an entry of a timeline stands.',
  valuesMap: described({
    RUNNING: 'Under way.',
    COMPENSATING: 'The execution is being undone.',
    PAUSED: 'The execution is paused.',
    COMPLETED: 'Done.',
    FAILED: 'Failed.',
    CANCELLED: 'Cancelled with the execution, or given up with its branch.',
    COMPENSATED: 'The execution was undone.',
    APPROVED: 'Somebody has approved.',
    REJECTED: 'Somebody has rejected, or an attempt was not let through.',
    WAITING: 'Waits for a time, a signal, a decision or the end of a child.',
    QUEUED: 'Waits for somebody to serve its activity, or for its turn.',
    ADMITTED: 'Let through.',
    OPEN: 'Nothing is called.',
    HALF_OPEN: 'One attempt is let through, and no other.',
    CLOSED: 'Calls are made.',
    SKIPPED: 'Left out.',
    JUMPED: 'The run went on elsewhere.',
    SET: 'The variables are set.',
    RECEIVED: 'The signal is there.',
    RESUMED: 'The pause is over.',
    MIGRATED: 'The execution is one of another version.',
  }),
});

/** What limits activities. */
export const Gates: Values<Gate> = {
  CIRCUIT_BREAKER: 'circuit_breaker',
  MAX_WORKFLOWS: 'max_workflows',
  MAX_ACTIVITIES: 'max_activities',
  BULKHEAD: 'bulkhead',
  RATE_LIMIT: 'rate_limit',
  CPU: 'cpu',
  MEMORY: 'memory',
};

registerEnumType(Gates, {
  name: 'Gate',
  description: 'What limits the calls of an activity.',
  valuesMap: described({
    CIRCUIT_BREAKER: 'Its circuit breaker.',
    MAX_WORKFLOWS: 'How many executions of its workflow go on at once.',
    MAX_ACTIVITIES: 'How many activities of the workflow are called at once.',
    BULKHEAD: 'How many calls of the activity are made at once.',
    RATE_LIMIT: 'How many calls of the activity are begun in a time.',
    CPU: 'How much of its cores the calls of a node reserve.',
    MEMORY: 'How much of its memory the calls of a node reserve.',
  }),
});

/** How busy the server is. */
export const Loads: Values<NonNullable<Monitoring['currentLoad']>> = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
};

registerEnumType(Loads, {
  name: 'Load',
  description: 'How much of what can be carried is carried.',
  valuesMap: described({ LOW: 'Less than half.', MEDIUM: 'Less than 80 %.', HIGH: '80 % or more.' }),
});

/** What becomes of a time that comes while the run before goes on. */
export const Overlaps: Values<Overlap> = { SKIP: 'skip', QUEUE: 'queue', ALLOW: 'allow' };

registerEnumType(Overlaps, {
  name: 'Overlap',
  description: 'What becomes of a time of a schedule that comes while the run before goes on.',
  valuesMap: described({
    SKIP: 'Nothing is started for it.',
    QUEUE: 'It waits for that run to end.',
    ALLOW: 'A run is started beside it.',
  }),
});

/** Which times are made up for. */
export const CatchUps: Values<CatchUp> = { NONE: 'none', LAST: 'last', ALL: 'all' };

registerEnumType(CatchUps, {
  name: 'CatchUp',
  description: 'Which times of a schedule are made up for that came while no server was there.',
  valuesMap: described({
    NONE: 'None; one that is at most a minute late is not missed.',
    LAST: 'The last one.',
    ALL: 'All, the last hundred at most.',
  }),
});

/** What streams of the log are about. */
export const EventCategories: Values<Exclude<Category, 'partition' | 'recorder' | 'truncation' | 'audit'>> = {
  EXECUTION: 'execution',
  WORKFLOW: 'workflow',
  EVENT: 'event',
  NOTIFICATION: 'notification',
  BREAKER: 'breaker',
  LIMITER: 'limiter',
  SCHEDULE: 'schedule',
  TRIGGER: 'trigger',
  GATHERING: 'gathering',
  RATE: 'rate',
  PROJECTION: 'projection',
  RETENTION: 'retention',
  ACCESS: 'access',
};

registerEnumType(EventCategories, {
  name: 'EventCategory',
  description: 'What a stream of the log is about.',
  valuesMap: described({
    EXECUTION: 'An execution.',
    WORKFLOW: 'A workflow and its definitions.',
    EVENT: 'An event from outside.',
    NOTIFICATION: 'Somebody who is told of something, over one channel.',
    BREAKER: 'The circuit breaker of an activity.',
    LIMITER: 'What lets only so many calls be made at once.',
    SCHEDULE: 'A schedule of a workflow.',
    TRIGGER: 'What is decided of events that do not start an execution each.',
    GATHERING: 'Events that wait to start an execution together.',
    RATE: 'What lets only so many calls be begun in a time.',
    PROJECTION: 'A view: the events that it passes over.',
    RETENTION: 'What of a workflow is kept no longer.',
    ACCESS: 'Keys that are given out.',
  }),
});

/** What somebody may do. */
export const Roles: Values<Role> = {
  VIEWER: 'viewer',
  OPERATOR: 'operator',
  AUTHOR: 'author',
  ADMIN: 'admin',
};

registerEnumType(Roles, {
  name: 'Role',
  description: 'What somebody may do; each also what the one before it may.',
  valuesMap: described({
    VIEWER: 'Sees executions.',
    OPERATOR: 'Starts and operates executions.',
    AUTHOR: 'Registers definitions.',
    ADMIN: 'Looks after the server and its keys.',
  }),
});
