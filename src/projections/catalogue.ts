import type { JsonObject } from '../domain/json.ts';
import type { EventType } from '../domain/registry.ts';
import { active } from './active.projection.ts';
import { audit } from './audit.projection.ts';
import { approvals } from './approvals.projection.ts';
import { durations } from './durations.projection.ts';
import { executions } from './executions.projection.ts';
import { gatherings } from './gatherings.projection.ts';
import { incidents } from './incidents.projection.ts';
import { notices } from './notices.projection.ts';
import { logs } from './logs.projection.ts';
import { notifications } from './notifications.projection.ts';
import { outcomes } from './outcomes.projection.ts';
import type { Projection } from './projection.ts';
import { schedules } from './schedules.projection.ts';
import { timeline } from './timeline.projection.ts';
import { versions } from './versions.projection.ts';
import { workflows } from './workflows.projection.ts';

/**
 * A projection among others, which are told apart by name only. It is only given events
 * that it handles and documents that it made, though its type no longer says which.
 */
export const listed = <Doc extends JsonObject, Type extends EventType>(
  projection: Projection<Doc, Type>,
): Projection => projection as unknown as Projection;

/** Every projection of the server. */
export const PROJECTIONS: readonly Projection[] = [
  listed(executions),
  listed(timeline),
  listed(active),
  listed(outcomes),
  listed(durations),
  listed(incidents),
  listed(workflows),
  listed(approvals),
  listed(notices),
  listed(notifications),
  listed(versions),
  listed(logs),
  listed(schedules),
  listed(gatherings),
  listed(audit),
];
