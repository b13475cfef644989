import type { EventEmitter } from 'node:events';
import type { ServiceError } from '@grpc/grpc-js';
import type { Bell } from './bell.ts';
import type { Counters } from './stats.ts';

/** The calls that stay open for a while, as they are counted. */
export type CallKind = 'reads' | 'subscriptions' | 'batchStreams';

type Call = EventEmitter & { readonly cancelled: boolean };
type Fail = (error: ServiceError) => void;

/** A call that is open for a while. */
export interface OpenCall {
  /** Whether the call ended, whoever ended it. */
  readonly closed: boolean;
  /** Aborted when the call ended. */
  readonly signal: AbortSignal;
  /** Ends the call with an error; harmless when it ended. */
  fail(error: ServiceError): void;
}

/** The calls that are open. */
export interface Calls {
  open(kind: CallKind, call: Call): OpenCall;
  /** Leaves a call of one answer unanswered, unless the server stops gracefully. */
  park(call: Call, fail: Fail): void;
  /** Ends all calls of these kinds with an error. */
  failAll(kinds: readonly CallKind[], error: ServiceError): void;
  /** Ends subscriptions and what is parked with the error; batch streams fail by themselves once they are answered. */
  drain(error: ServiceError): void;
  /** Whether the calls are to come to an end. */
  readonly draining: boolean;
}

/** No call is open yet; they are counted as they come and go. */
export const createCalls = (counters: Counters, bell: Bell): Calls => {
  const calls = new Map<OpenCall, CallKind>();
  const parked = new Set<Fail>();
  let draining = false;

  const failAll = (kinds: readonly CallKind[], error: ServiceError): void => {
    for (const [open, kind] of calls) if (kinds.includes(kind)) open.fail(error);
  };

  return {
    open(kind, call) {
      const ending = new AbortController();
      const open: OpenCall = {
        get closed() {
          return ending.signal.aborted;
        },
        signal: ending.signal,
        fail(error) {
          if (!ending.signal.aborted) call.emit('error', error);
        },
      };
      const close = (): void => {
        if (!calls.delete(open)) return;
        counters[kind]--;
        if (call.cancelled) counters.cancelled++;
        ending.abort();
        bell.ring();
      };
      calls.set(open, kind);
      counters[kind]++;
      for (const event of ['cancelled', 'error', 'finish', 'close']) call.on(event, close);
      // The client may have left before its call was handled.
      if (call.cancelled) close();
      bell.ring();
      return open;
    },
    park(call, fail) {
      parked.add(fail);
      call.on('cancelled', () => parked.delete(fail));
    },
    failAll,
    drain(error) {
      draining = true;
      failAll(['subscriptions'], error);
      for (const fail of parked) fail(error);
      bell.ring();
    },
    get draining() {
      return draining;
    },
  };
};
