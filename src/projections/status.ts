import type { Clock } from '../ports/clock.ts';
import { positionOf, type Member } from './member.ts';
import { faultOf } from './projection-failure.ts';
import type { Shadow } from './rebuild/shadow.ts';
import type { ProjectionProgress, ProjectionState, ProjectionStatus, RebuildStatus } from './projector.ts';

// Beyond this, whoever shows documents reads what is shown rather than compare keys.
const MANY = 64;

/** How a member fares. */
export const stateOf = (member: Member): ProjectionState => {
  if (member.outage !== undefined) return 'waiting';
  if (member.shadow !== undefined) return 'rebuilding';
  if (member.failure !== undefined) return 'stopped';
  return member.live !== undefined && member.caughtUp ? 'running' : 'catching_up';
};

/** A member's progress; `changed` are the keys that changed. */
export const progressOf = (member: Member, changed: readonly string[] | undefined): ProjectionProgress => ({
  name: member.projection.name,
  version: member.record?.version ?? 0,
  generation: member.record?.generation ?? 0,
  position: positionOf(member),
  state: stateOf(member),
  changed: changed === undefined || changed.length > MANY ? undefined : changed,
});

/** Where the log ends, or that it does not answer; a position counts events only where the log's positions are dense. */
export interface LogEnd {
  readonly position: bigint | undefined;
  readonly outage: Error | undefined;
  readonly dense: boolean;
}

const eventsBehind = (position: bigint, { position: end, dense }: LogEnd): number | null => {
  if (end === undefined) return null;
  if (position >= end) return 0;
  return dense ? Number(end - position) : null;
};

const etaOf = (shadow: Shadow, end: bigint | undefined, now: number): number | null => {
  const { from, since, restsUntil, phase, fold, control } = shadow;
  // What comes behind folding may take as long again, and nothing tells how long.
  if (end === undefined || end <= fold.position || phase !== 'folding' || control.isPaused()) return null;
  const done = Number(fold.position - from);
  if (done <= 0) return null;
  // What is done has cost the rest behind it, too, also what of it is still to come.
  const until = Math.max(now, restsUntil);
  return Math.round((Number(end - fold.position) / done) * (until - since) + (until - now));
};

const rebuildOf = (shadow: Shadow, { position: end }: LogEnd, clock: Clock): RebuildStatus => ({
  kind: shadow.kind,
  phase: shadow.phase,
  paused: shadow.control.isPaused(),
  generation: shadow.fold.generation,
  position: shadow.fold.position,
  end: end ?? null,
  events: shadow.fold.events,
  compared: shadow.compared,
  maxShare: shadow.maxShare,
  begunAt: shadow.begunAt,
  eta: etaOf(shadow, end, clock.now()),
});

/** A member's status, given where the log ends. */
export const statusOf = (member: Member, end: LogEnd, clock: Clock): ProjectionStatus => {
  const { projection, record, shadow, at, caughtUp } = member;
  const position = positionOf(member);
  const lagEvents = eventsBehind(position, end);
  const upToDate = lagEvents === 0 || (end.outage === undefined && member.live !== undefined && caughtUp);
  const age = at === undefined ? null : Math.max(0, clock.now() - at) / 1_000;
  const state = stateOf(member);
  const error = member.outage ?? member.failure ?? end.outage;
  return {
    name: projection.name,
    version: record?.version ?? 0,
    generation: record?.generation ?? 0,
    position,
    state: end.outage !== undefined && state !== 'stopped' ? 'waiting' : state,
    lagSeconds: upToDate ? 0 : age,
    lagEvents,
    rate: (shadow?.rate ?? member.rate).perSecond(),
    parked: member.parked.size,
    rebuild: shadow === undefined ? null : rebuildOf(shadow, end, clock),
    lastError: error === undefined ? null : faultOf(error),
  };
};
