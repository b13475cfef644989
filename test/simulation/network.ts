import type { Gate } from './gate.ts';
import type { OwnedClock } from './virtual-clock.ts';
import type { Random } from './random.ts';
import { drawDelay, drawFate, type Fate, type Felt, type Service } from './weather.ts';

/** A request to a service. */
export interface Request<T> {
  readonly service: Service;
  /** For whoever reads a trace. */
  readonly about: string;
  /** Requests of one lane arrive in the order in which they were sent. */
  readonly lane?: string;
  /** It is carried out before whoever asked is told anything, or never. */
  readonly isPrompt?: boolean;
  /** What the service does, at once; `share` of it when it fails in the middle. Throws what the request rejects with. */
  readonly carryOut: (share: number) => T;
  /** What whoever asked is told when there is no answer. */
  readonly unavailable: (message: string) => Error;
}

/** What a node reaches the world through. */
export interface Link {
  send<T>(request: Request<T>): Promise<T>;
  /** Waits for as long as something takes to come over the network from a service, its outages included. */
  under(service: Service): Promise<void>;
  /** Does what comes of something from outside, as soon as whoever asked for it can hear. */
  hear(work: () => void): void;
  /** Requests that have no answer yet. */
  readonly pending: readonly string[];
  /** From now on nothing goes in or out. Requests under way arrive now or never. */
  cut(): void;
  readonly isCut: boolean;
}

/** What a link is made of. */
export interface LinkOptions {
  readonly weather: Felt;
  readonly clock: OwnedClock;
  /** What whoever asks hears comes through it. */
  readonly gate: Pick<Gate, 'pass'>;
  readonly random: Random;
  readonly trace: (line: string) => void;
}

/** How long whoever asks waits for an answer that does not come. */
const PATIENCE = 400;
/** The most ms that a request comes late by. */
const LATEST = 3_000;
/** How often a subscription looks whether a service is back. */
const LOOK = 250;

type Landed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

const land = <T>(work: () => T): Landed<T> => {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
};

/** Connects a node to the services. */
export const createLink = ({ weather, clock, gate, random, trace }: LinkOptions): Link => {
  const pending = new Map<object, string>();
  const underWay = new Set<() => void>();
  const lanes = new Map<string, { last: number; waiting: number; isTimed: boolean }>();
  let isCut = false;

  const after = (ms: number, work: () => void): void => {
    if (ms === 0) queueMicrotask(() => (isCut ? undefined : work()));
    else clock.after(ms, work);
  };

  /** Milliseconds until a request arrives, behind those of its lane. */
  const arrival = (lane: string | undefined, delay: number): number => {
    const before = lane === undefined ? undefined : lanes.get(lane);
    return before === undefined || before.waiting === 0
      ? delay
      : // The turn of a timer comes behind what needs no time.
        Math.max(delay, before.last - clock.now(), before.isTimed ? 1 : 0);
  };

  /** Sees to it that a request arrives once, at its time or when the link is cut. */
  const deliver = (ms: number, lane: string | undefined, arrive: () => void): void => {
    const place =
      lane === undefined ? undefined : (lanes.get(lane) ?? { last: 0, waiting: 0, isTimed: false });
    if (lane !== undefined && place !== undefined) {
      lanes.set(lane, place);
      place.last = clock.now() + ms;
      place.waiting += 1;
      place.isTimed = ms > 0;
    }
    const once = (): void => {
      if (!underWay.delete(once)) return;
      if (place !== undefined) place.waiting -= 1;
      arrive();
    };
    underWay.add(once);
    after(ms, once);
  };

  const fateOf = <T>({ service, isPrompt }: Request<T>): Fate => {
    const fate = drawFate(weather, service, random);
    return isPrompt === true && (fate === 'late' || fate === 'twice') ? 'unanswered' : fate;
  };

  const dispatch = <T>(
    { service, about, lane, carryOut, unavailable }: Request<T>,
    fate: Fate,
    settle: (landed: Landed<T>) => void,
  ): void => {
    const there = fate === 'late' ? random.int(PATIENCE + 1, LATEST) : drawDelay(weather, random);
    const back = drawDelay(weather, random);
    const share = fate === 'unanswered' || fate === 'late' ? random.pick([1, 1, random.next()]) : 1;
    if (fate !== 'fine') trace(`${service} ${about}: ${fate}`);
    if (fate === 'lost' || fate === 'unanswered' || fate === 'late') {
      const error = unavailable(`The answer to ${about} is ${fate}.`);
      after(random.pick([1, PATIENCE]), () => settle({ ok: false, error }));
    }
    if (fate === 'lost') return;
    const inLane = fate === 'late' ? undefined : lane;
    deliver(arrival(inLane, there), inLane, () => {
      const landed = land(() => carryOut(share));
      if (fate === 'fine' || fate === 'twice') after(back, () => settle(landed));
      if (fate === 'twice') deliver(random.int(1, LATEST), undefined, () => void land(() => carryOut(1)));
    });
  };

  return {
    send: <T>(request: Request<T>) =>
      new Promise<T>((resolve, reject) => {
        if (isCut) return;
        const mine = {};
        pending.set(mine, `${request.service} ${request.about}`);
        dispatch(request, fateOf(request), (landed) =>
          gate.pass('news', () => {
            if (isCut || !pending.delete(mine)) return;
            if (landed.ok) resolve(landed.value);
            else reject(landed.error);
          }),
        );
      }),
    under: async (service) => {
      const pass = (ms: number) => new Promise<void>((resolve) => after(ms, resolve));
      const delay = drawDelay(weather, random);
      if (delay > 0) await pass(delay);
      while (weather.away.has(service)) await pass(LOOK);
    },
    hear: (work) => gate.pass('news', work),
    get pending() {
      return [...pending.values()];
    },
    cut: () => {
      isCut = true;
      pending.clear();
      clock.cut();
      for (const arrive of underWay) if (random.chance(0.5)) arrive();
      underWay.clear();
    },
    get isCut() {
      return isCut;
    },
  };
};
