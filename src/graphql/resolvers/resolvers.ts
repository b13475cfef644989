import { ApiKeysResolver } from './api-keys.resolver.ts';
import { ApprovalsResolver } from './approvals.resolver.ts';
import { AuditResolver } from './audit.resolver.ts';
import { BulkResolver } from './bulk.resolver.ts';
import { ChangesResolver } from './changes.resolver.ts';
import { CommandsResolver } from './commands.resolver.ts';
import { EventsResolver } from './events.resolver.ts';
import { ExecutionCountResolver } from './execution-count.resolver.ts';
import { ExecutionsResolver } from './executions.resolver.ts';
import { ExecutionTimelineResolver } from './execution-timeline.resolver.ts';
import { ExecutionTimeResolver } from './execution-time.resolver.ts';
import { LogsResolver } from './logs.resolver.ts';
import { MetricsResolver } from './metrics.resolver.ts';
import { MonitoringResolver } from './monitoring.resolver.ts';
import { NodesResolver } from './nodes.resolver.ts';
import { NotificationsResolver } from './notifications.resolver.ts';
import { OperatorsResolver } from './operators.resolver.ts';
import { ProjectionsResolver } from './projections.resolver.ts';
import { RebuildsResolver } from './rebuilds.resolver.ts';
import { RetentionResolver } from './retention.resolver.ts';
import { SchedulesResolver } from './schedules.resolver.ts';
import { TimelineResolver } from './timeline.resolver.ts';
import { VersionsResolver } from './versions.resolver.ts';
import { WorkflowsResolver } from './workflows.resolver.ts';

/** All resolvers of the API. */
export const RESOLVERS = [
  WorkflowsResolver,
  VersionsResolver,
  SchedulesResolver,
  ExecutionsResolver,
  ExecutionCountResolver,
  ExecutionTimelineResolver,
  ApprovalsResolver,
  NotificationsResolver,
  TimelineResolver,
  EventsResolver,
  ChangesResolver,
  LogsResolver,
  MonitoringResolver,
  MetricsResolver,
  ExecutionTimeResolver,
  ProjectionsResolver,
  RebuildsResolver,
  RetentionResolver,
  AuditResolver,
  NodesResolver,
  ApiKeysResolver,
  CommandsResolver,
  OperatorsResolver,
  BulkResolver,
];
