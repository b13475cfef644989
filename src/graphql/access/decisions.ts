import type { Need } from './needs.ts';

const viewer = (on: Need['on']): Need => ({ role: 'viewer', on });
const operator = (on: Need['on']): Need => ({ role: 'operator', on });
const admin = (on: Need['on']): Need => ({ role: 'admin', on });
const ofServer = (role: Need['role'], on: Need['on'] = 'all'): Need => ({ role, on, ofServer: true });

/** What each field of the API needs. There is no field without a decision: the server does not start with one. */
export const FIELDS: Readonly<Record<string, Need>> = {
  'Query.apiKeys': admin('all'),
  'Query.auditLog': admin('all'),
  'Query.verifyAudit': ofServer('admin'),
  'Query.approvals': viewer('some'),
  'Query.checkDefinition': viewer('all'),
  'Query.diffDefinitions': viewer('workflow'),
  'Query.events': viewer('some'),
  'Query.execution': viewer('some'),
  'Query.executions': viewer('some'),
  'Query.logDays': ofServer('viewer'),
  'Query.logs': viewer('some'),
  'Query.metrics': ofServer('viewer', 'workflow'),
  'Query.metricsSeries': ofServer('viewer', 'workflow'),
  'Query.slowestSteps': ofServer('viewer', 'workflow'),
  'Query.monitoring': ofServer('viewer', 'workflow'),
  'Query.nodes': ofServer('viewer'),
  'Query.notifications': viewer('some'),
  'Query.parkedEvents': ofServer('admin'),
  'Query.projections': ofServer('viewer'),
  'Query.retentions': ofServer('viewer'),
  'Query.schedule': ofServer('viewer', 'workflow'),
  'Query.timeline': viewer('some'),
  'Query.workflow': viewer('workflow'),
  'Query.workflows': viewer('some'),

  'Mutation.cancelExecution': operator('some'),
  'Mutation.compensateExecution': operator('some'),
  'Mutation.completeStep': operator('some'),
  'Mutation.decideApproval': operator('some'),
  'Mutation.emitEvent': operator('all'),
  'Mutation.failStep': operator('some'),
  'Mutation.migrateExecution': operator('some'),
  'Mutation.operateExecutions': operator('some'),
  'Mutation.pauseExecution': operator('some'),
  'Mutation.resendNotification': operator('some'),
  'Mutation.resumeExecution': operator('some'),
  'Mutation.retryExecution': operator('some'),
  'Mutation.setVariables': operator('some'),
  'Mutation.signalExecution': operator('some'),
  'Mutation.skipStep': operator('some'),
  'Mutation.startExecution': operator('workflow'),
  'Mutation.terminateExecution': operator('some'),

  // Of the own tenant; who runs the server comes to those of all.
  'Mutation.createApiKey': admin('all'),
  'Mutation.revokeApiKey': admin('all'),

  'Mutation.pauseSchedule': ofServer('operator', 'workflow'),
  'Mutation.resumeSchedule': ofServer('operator', 'workflow'),
  'Mutation.registerWorkflow': ofServer('author'),
  'Mutation.retireWorkflow': ofServer('author', 'workflow'),
  'Mutation.setDefaultVersion': ofServer('author', 'workflow'),
  'Mutation.unretireWorkflow': ofServer('author', 'workflow'),

  'Mutation.cancelRebuild': ofServer('admin'),
  'Mutation.parkEvent': ofServer('admin'),
  'Mutation.pauseRebuild': ofServer('admin'),
  'Mutation.rebuildProjection': ofServer('admin'),
  'Mutation.rebuildProjections': ofServer('admin'),
  'Mutation.resumeRebuild': ofServer('admin'),
  'Mutation.retain': ofServer('admin'),
  'Mutation.truncateStreams': ofServer('admin'),
  'Mutation.importArchive': ofServer('admin'),
  'Mutation.retryProjection': ofServer('admin'),
  'Mutation.rollbackProjection': ofServer('admin'),

  'Subscription.events': viewer('some'),
  'Subscription.executionEvents': viewer('some'),
  'Subscription.executionsChanged': viewer('some'),
  'Subscription.timelineChanged': viewer('some'),
  'Subscription.logs': viewer('some'),
  'Subscription.metricsChanged': ofServer('viewer', 'workflow'),
  'Subscription.nodes': ofServer('viewer'),
  'Subscription.monitoringChanged': ofServer('viewer', 'workflow'),
  'Subscription.projectionsChanged': ofServer('viewer'),
  'Subscription.rebuildProgress': ofServer('viewer'),
};

/** What each route beside GraphQL needs; `anybody` is asked for nothing. */
export const ROUTES = {
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /metrics': ofServer('viewer'),
  'POST /events/<type>': operator('all'),
  'POST /workers/<what>': ofServer('operator'),
  '<route of a trigger>': operator('workflow'),
} as const satisfies Readonly<Record<string, Need | 'anybody'>>;

/** A route that somebody has to be known for. */
export type GuardedRoute = {
  [R in keyof typeof ROUTES]: (typeof ROUTES)[R] extends Need ? R : never;
}[keyof typeof ROUTES];
