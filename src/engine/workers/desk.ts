import type { Admit, ExecutionCommand } from '../../domain/execution/commands.ts';
import { pendingOf, type Pending, type PendingAttempt } from '../../domain/execution/pending.ts';
import { phaseOf, stepOf } from '../../domain/execution/state.ts';
import { fenceOf } from '../../domain/execution/worker.ts';
import { Rejection } from '../../domain/rejection.ts';
import type { Handled, LiveExecution } from '../../commands/executions.ts';
import type { Activity } from '../../ports/activities.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Assignment, Reported, Workers } from '../../ports/workers.ts';
import type { Owned } from '../owned.ts';
import { createClaims, type Seat, type Waiting } from './claims.ts';
import { createOffers, type Offer } from './offers.ts';
import { attemptOver, notOwner, notReady } from './refusals.ts';
import { createRemoteAttempts, type RemoteAttempt, type RemoteCall, type Report } from './remote-attempts.ts';
import { createServed } from './served.ts';
import { readToken, type OfToken } from './token.ts';

/** What a desk needs. */
export interface DeskOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly owned: Owned;
  /** Whether attempts may be begun for an execution here and now. */
  readonly takes: (id: string) => boolean;
  readonly load: (id: string) => Promise<LiveExecution | undefined>;
  /** Takes an execution up, so that what workers make of it is known here. */
  readonly resume: (id: string) => Promise<void>;
  /** Carries out what the engine itself has to say of an execution, as long as that is this node's. */
  readonly tell: (id: string, command: ExecutionCommand) => Promise<Handled | undefined>;
  /** Sees to it that nothing that goes wrong with an execution goes unseen. */
  readonly report: (id: string, work: Promise<unknown>) => void;
  /** Goes on with an execution that waits for the same as before. */
  readonly takeUp: (execution: LiveExecution) => void;
}

/** Milliseconds that what is let through waits for a worker to come back, before others are let through instead. */
const PATIENCE = 1_000;

/** Where workers meet the steps that wait for them. */
export interface Desk {
  readonly workers: Workers;
  /** A step, or its undoing, waits for somebody to serve its activity. */
  offer(execution: LiveExecution, waits: Extract<Pending, { kind: 'activity' }>): void;
  /** A place of a worker that waits for attempts of an activity, or comes within a short time. */
  seat(id: string, step: string, activity: string): Promise<Seat | undefined>;
  /** Tells an attempt that it is let through; the worker with the seat makes it. */
  admit(id: string, command: Admit, seat: Seat | undefined): Promise<unknown>;
  /** The activity of an attempt that a worker makes. */
  call(call: RemoteCall): Activity;
  /** What an attempt came to is being recorded. */
  recorded(id: string, attempt: PendingAttempt, work: Promise<Reported | undefined>): void;
  keepOnly(id: string, pending: readonly Pending[]): void;
  forget(ids: (id: string) => boolean): void;
  /** Lets the workers go that wait, and gives nothing to others. */
  close(): void;
}

const hasBegun = (handled: Handled | undefined, { taker }: Seat): boolean =>
  handled?.events.some(
    (event) =>
      (event.type === 'step.started' || event.type === 'step.compensating') &&
      event.facts.fence === taker.fence,
  ) === true;

const isOf =
  (fence: string) =>
  (waits: Pending): waits is PendingAttempt =>
    waits.kind === 'attempt' && waits.taken?.fence === fence;

/** Why nobody wants what an attempt comes to. */
const reasonOf = (execution: LiveExecution | undefined, step: string): 'cancelled' | 'lost' => {
  if (execution === undefined) return 'lost';
  const { state } = execution;
  const isCancelled =
    state.status === 'cancelled' ||
    state.compensation?.cancelled === true ||
    stepOf(state, step)?.status === 'cancelled';
  return isCancelled ? 'cancelled' : 'lost';
};

/** Opens the desk of a node. */
export const createDesk = (options: DeskOptions): Desk => {
  const { owned, takes, load, tell, report } = options;
  const served = createServed();
  const offers = createOffers();
  const claims = createClaims(options);
  const attempts = createRemoteAttempts(served.get);
  /** What is being begun, by the fence of its token. */
  const seats = new Map<string, Seat>();
  let closed = false;

  /** Begins something for a seat, which is free again when nothing comes of it. */
  const begin = async (
    seat: Seat,
    work: () => Promise<Handled | undefined>,
  ): Promise<Handled | undefined> => {
    const { fence } = seat.taker;
    seats.set(fence, seat);
    try {
      const handled = await work();
      if (!hasBegun(handled, seat)) seat.free();
      return handled;
    } catch (error) {
      seat.free();
      throw error;
    } finally {
      seats.delete(fence);
    }
  };

  const take = async ({ id, step, compensation }: Offer, seat: Seat): Promise<void> => {
    const { taker } = seat;
    const handled = await begin(seat, () => tell(id, { type: 'take', step, compensation, taker }));
    // It waits on, or for something else.
    if (handled?.events.length === 0) options.takeUp(handled.execution);
  };

  /** What was offered to a worker once and not begun is for others: it may be on its way elsewhere. */
  const tried = new WeakMap<Waiting, Set<string>>();

  const fill = (worker: Waiting): void => {
    const mine = tried.get(worker) ?? new Set<string>();
    tried.set(worker, mine);
    for (const activity of worker.served.keys())
      for (;;) {
        const isWanted = ({ id, step }: Offer): boolean => takes(id) && !mine.has(`${id} ${step}`);
        if (!worker.hasRoom) return;
        const offer = offers.take(activity, isWanted);
        if (offer === undefined) break;
        const seat = worker.seat({ executionId: offer.id, step: offer.step }, activity);
        if (seat === undefined) return;
        mine.add(`${offer.id} ${offer.step}`);
        report(offer.id, take(offer, seat));
      }
  };

  /** Why nothing is taken for an attempt that is not known here: what the log says of it. */
  const refusalOf = async ({ executionId: id, step }: OfToken, fence: string): Promise<Rejection> => {
    if (closed) return notReady();
    if (!owned.owns(id)) return notOwner();
    const execution = await load(id);
    const pending = execution === undefined ? [] : pendingOf(execution.definition, execution.state);
    // Whoever is not sure to have it does not know what another node has begun of it since.
    const isSure = owned.holds(id) && !pending.some(isOf(fence));
    return isSure ? attemptOver(reasonOf(execution, step)) : notReady();
  };

  /** The attempt of a token, which is taken up when this node does not know it yet. */
  const find = async (token: string): Promise<RemoteAttempt> => {
    const of = readToken(token);
    if (of === undefined) throw attemptOver('lost');
    const { executionId: id, step } = of;
    const fence = fenceOf(token);
    const known = (): RemoteAttempt | undefined => {
      const found = attempts.find(id, step);
      return found?.fence === fence ? found : undefined;
    };
    if (closed) throw notReady();
    if (!owned.owns(id)) throw notOwner();
    const at = known();
    if (at !== undefined) return at;
    const refused = await refusalOf({ executionId: id, step }, fence);
    if (refused.code === 'ATTEMPT_OVER') throw refused;
    await options.resume(id);
    const resumed = known();
    if (resumed === undefined) throw refused;
    return resumed;
  };

  /** Whoever was to make it was not given it, so that making it again is making it once. */
  const giveBack = async ({ token, executionId, step }: Assignment): Promise<void> => {
    const execution = await load(executionId);
    const pending = execution === undefined ? [] : pendingOf(execution.definition, execution.state);
    const attempt = pending.find(isOf(fenceOf(token)));
    if (attempt === undefined || closed) return;
    const message = `The worker went before it was given the attempt of "${step}".`;
    const { compensation, attempt: number } = attempt;
    const error = { type: 'Interrupted', message };
    const of = { step, attempt: number, compensation };
    await tell(executionId, { type: 'fail_attempt', ...of, error, retry: 'always' });
  };

  const end = async (token: string, said: Report): Promise<Reported> => {
    const reported = await (await find(token)).end(said);
    if (reported !== undefined) return reported;
    const of = readToken(token);
    throw of === undefined ? attemptOver('lost') : await refusalOf(of, fenceOf(token));
  };

  const beat: Workers['heartbeat'] = async (token, progress) => {
    try {
      const { ctx } = await find(token);
      try {
        ctx?.heartbeat(progress);
      } catch (error) {
        throw new Rejection('PAYLOAD_TOO_LARGE', (error as Error).message, { field: 'progress' });
      }
      const execution = await load(readToken(token)?.executionId ?? '');
      return { stop: false, reason: execution?.state.status === 'paused' ? 'paused' : undefined };
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'ATTEMPT_OVER') throw error;
      return { stop: true, reason: error.details['reason'] === 'cancelled' ? 'cancelled' : 'lost' };
    }
  };

  return {
    workers: {
      claim: async (claim, gone) => {
        if (closed) throw notReady();
        const given = await claims.wait(claim, served.note(claim.activities), gone, fill);
        if (!gone.aborted) return given;
        // Whoever asked has gone: what it was to make has not been begun by anybody.
        for (const one of given) report(one.executionId, giveBack(one));
        return [];
      },
      heartbeat: beat,
      complete: (token, output) => end(token, { output }),
      fail: (token, failure) => end(token, { failure }),
      serves: (activity) => served.get(activity) !== undefined,
    },
    offer: ({ id, state }, { step, activity }) => {
      offers.add({ id, step, activity, compensation: phaseOf(state) === 'compensating' });
      const worker = claims.first(activity);
      if (worker !== undefined) fill(worker);
    },
    seat: (id, step, activity) => claims.seat({ executionId: id, step }, activity, PATIENCE),
    admit: (id, command, seat) =>
      seat === undefined ? tell(id, command) : begin(seat, () => tell(id, { ...command, taker: seat.taker })),
    call: (call) => attempts.call(call, seats.get(call.attempt.taken?.fence ?? '')),
    recorded: attempts.recorded,
    keepOnly: offers.keepOnly,
    forget: offers.forget,
    close: () => {
      closed = true;
      claims.close();
    },
  };
};
