import type { Bell } from './bell.ts';

/** What can be made to go wrong. A fault with an `n` is armed for the next n calls and counts down. */
export interface Faults {
  /** The next appends are never answered; `write` says whether their events are stored (default no). */
  hangAppend(n?: number, options?: { write: boolean }): void;
  /** The next appends are stored and answered `ms` later. */
  answerLate(ms: number, n?: number): void;
  /**
   * The next append that arrives ends its batch stream without an error and is never answered,
   * nor is any other that is pending on it; `write` says whether its events are stored (default no).
   */
  endBatchQuietly(n?: number, options?: { write: boolean }): void;
  /** The next appends lose their connection, and all else that goes over it. */
  dropConnection(when: 'before-write' | 'after-write', n?: number): void;
  /** The next appends are refused because another node leads: this one again, or one at this host. */
  notLeader(n?: number, host?: string): void;
  /**
   * The next subscriptions, open ones too, end as too slow (ABORTED) once they have
   * delivered this many events since the fault was armed.
   */
  dropSlowConsumer(afterEvents: number, n?: number): void;
  /** The next subscriptions that are live, open ones at once, end with UNAVAILABLE. */
  failSubscription(n?: number): void;
  /** The next questions for the server's features, each client's first call, are never answered. */
  hangServerFeatures(n?: number): void;
  /** While on, every call is answered UNAVAILABLE, and open subscriptions and batch streams end with it. */
  unavailable(on: boolean): void;
  /** While on, subscriptions deliver nothing and report nothing; afterwards they go on where they were. */
  silence(on: boolean): void;
  /** How often each fault came to pass, by the name of its method. */
  readonly fired: Readonly<Record<string, number>>;
  /** Disarms everything and forgets what fired. Calls that hang go on hanging. */
  reset(): void;
}

interface Settings {
  hangAppend: { readonly write: boolean };
  answerLate: { readonly ms: number };
  endBatchQuietly: { readonly write: boolean };
  dropBeforeWrite: object;
  dropAfterWrite: object;
  notLeader: { readonly host: string | undefined };
  dropSlowConsumer: { readonly afterEvents: number };
  failSubscription: object;
  hangServerFeatures: object;
}

/** The side of the faults that the server looks at. */
export interface ArmedFaults {
  /** The fault's settings if it is armed. */
  peek<Name extends keyof Settings>(name: Name): Settings[Name] | undefined;
  /** As `peek`, and the fault counts down and counts as fired. */
  take<Name extends keyof Settings>(name: Name): Settings[Name] | undefined;
  /** Whether the server plays dead; asking counts. */
  refuses(): boolean;
  /** Whether subscriptions keep silent. */
  silent(): boolean;
  /** A subscription kept silent. */
  silenced(): void;
}

const FIRED_AS: Partial<Record<keyof Settings, keyof Faults>> = {
  dropBeforeWrite: 'dropConnection',
  dropAfterWrite: 'dropConnection',
};

/** Faults, none of them armed. The bell rings at every change. */
export const createFaults = (
  bell: Bell,
  whenUnavailable: () => void,
): { faults: Faults; armed: ArmedFaults } => {
  const left = new Map<keyof Settings, { settings: object; n: number }>();
  const fired: Record<string, number> = {};
  let dead = false;
  let mute = false;

  const arm = <Name extends keyof Settings>(name: Name, n: number, settings: Settings[Name]): void => {
    left.set(name, { settings, n });
    bell.ring();
  };
  const count = (name: string): void => {
    fired[name] = (fired[name] ?? 0) + 1;
    bell.ring();
  };
  const peek = <Name extends keyof Settings>(name: Name): Settings[Name] | undefined =>
    left.get(name)?.settings as Settings[Name] | undefined;

  const armed: ArmedFaults = {
    peek,
    take(name) {
      const entry = left.get(name);
      if (!entry) return undefined;
      if (--entry.n <= 0) left.delete(name);
      count(FIRED_AS[name] ?? name);
      return entry.settings as Settings[typeof name];
    },
    refuses() {
      if (dead) count('unavailable');
      return dead;
    },
    silent: () => mute,
    silenced: () => count('silence'),
  };

  const faults: Faults = {
    hangAppend: (n = 1, options = { write: false }) => arm('hangAppend', n, options),
    answerLate: (ms, n = 1) => arm('answerLate', n, { ms }),
    endBatchQuietly: (n = 1, options = { write: false }) => arm('endBatchQuietly', n, options),
    dropConnection: (when, n = 1) =>
      arm(when === 'before-write' ? 'dropBeforeWrite' : 'dropAfterWrite', n, {}),
    notLeader: (n = 1, host) => arm('notLeader', n, { host }),
    dropSlowConsumer: (afterEvents, n = 1) => arm('dropSlowConsumer', n, { afterEvents }),
    failSubscription: (n = 1) => arm('failSubscription', n, {}),
    hangServerFeatures: (n = 1) => arm('hangServerFeatures', n, {}),
    unavailable(on) {
      dead = on;
      if (on) whenUnavailable();
      bell.ring();
    },
    silence(on) {
      mute = on;
      bell.ring();
    },
    fired,
    reset() {
      left.clear();
      dead = false;
      mute = false;
      for (const name of Object.keys(fired)) delete fired[name];
      bell.ring();
    },
  };
  return { faults, armed };
};
