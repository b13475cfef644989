import { FindAuditEntriesHandler } from './audit.handler.ts';
import { VerifyAuditHandler } from './verify-audit.handler.ts';
import { GetTimelineEntriesHandler, PickExecutionsHandler } from './changed.handler.ts';
import { FindApiKeysHandler } from './api-keys.handler.ts';
import { CheckDefinitionHandler } from './check-definition.handler.ts';
import { DiffDefinitionsHandler } from './diff-definitions.handler.ts';
import { FindApprovalsHandler } from './approvals.handler.ts';
import { GetEventsHandler } from './events.handler.ts';
import { CountExecutionsHandler } from './executions/count.handler.ts';
import { FindExecutionsHandler, GetExecutionHandler, LoadExecutionsHandler } from './executions.handler.ts';
import { GetMetricsHandler, GetMetricsSeriesHandler } from './metrics.handler.ts';
import { GetSlowestStepsHandler } from './slowest-steps.handler.ts';
import { GetMonitoringHandler } from './monitoring.handler.ts';
import { GetNodesHandler } from './nodes.handler.ts';
import { GetLogDaysHandler } from './log-days.handler.ts';
import { FindLogsHandler } from './logs.handler.ts';
import { CountChildrenHandler, FindChildrenHandler } from './children.handler.ts';
import { FindNotificationsHandler, FindNotificationsOfHandler } from './notifications.handler.ts';
import { GetParkedEventsHandler } from './parked-events.handler.ts';
import { GetProjectionsHandler } from './projections.handler.ts';
import { GetRetentionsHandler } from './retentions.handler.ts';
import { GetScheduleHandler } from './schedules.handler.ts';
import { GetTimelineHandler } from './timeline.handler.ts';
import { FindTimelinesHandler } from './timelines.handler.ts';
import { GetIdleHandler } from './idle.handler.ts';
import { GetVariablesHandler } from './variables.handler.ts';
import { GetVersionsHandler } from './versions.handler.ts';
import { GetWorkflowHandler, GetWorkflowsHandler } from './workflows.handler.ts';

/** The handlers of all queries. */
export const QUERY_HANDLERS = [
  GetWorkflowsHandler,
  GetWorkflowHandler,
  GetVersionsHandler,
  GetScheduleHandler,
  CheckDefinitionHandler,
  DiffDefinitionsHandler,
  GetExecutionHandler,
  LoadExecutionsHandler,
  FindExecutionsHandler,
  CountExecutionsHandler,
  FindChildrenHandler,
  CountChildrenHandler,
  FindApprovalsHandler,
  FindNotificationsHandler,
  FindNotificationsOfHandler,
  FindLogsHandler,
  GetTimelineHandler,
  FindTimelinesHandler,
  GetTimelineEntriesHandler,
  PickExecutionsHandler,
  GetIdleHandler,
  GetVariablesHandler,
  GetEventsHandler,
  GetMonitoringHandler,
  GetMetricsHandler,
  GetMetricsSeriesHandler,
  GetSlowestStepsHandler,
  GetProjectionsHandler,
  GetParkedEventsHandler,
  GetRetentionsHandler,
  GetNodesHandler,
  FindApiKeysHandler,
  GetLogDaysHandler,
  FindAuditEntriesHandler,
  VerifyAuditHandler,
];
