import type { ActivityContext, ActivityLogger } from '../../ports/activities.ts';
import type { Json } from '../../domain/json.ts';

/** What of an attempt's context is data; the rest reaches a process as messages. */
export type ContextData = Omit<ActivityContext, 'signal' | 'heartbeat' | 'logger'>;

/** What a process is told that runs an activity. */
export type ToProcess =
  | {
      readonly kind: 'run';
      /** File that exports the activity. */
      readonly module: string;
      readonly activity: string;
      readonly context: ContextData;
      readonly input: Json;
    }
  | { readonly kind: 'abort'; readonly name: string; readonly why: string };

/** What an activity threw, as far as it can be told. */
export interface Thrown {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
  readonly retryable?: unknown;
}

/** What such a process says. */
export type FromProcess =
  | {
      readonly kind: 'log';
      readonly line: Parameters<ActivityLogger['info']>;
      readonly level: keyof ActivityLogger;
    }
  /** `progress` is JSON; nothing when it says only that it goes on. */
  | { readonly kind: 'heartbeat'; readonly progress: string | undefined }
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: Thrown };
