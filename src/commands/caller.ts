import type { Actor } from '../domain/event.ts';

/** On whose behalf a command is carried out. */
export interface Caller {
  readonly actor: Actor;
  readonly tenant: string;
  /** W3C trace context of the request. */
  readonly traceparent: string | undefined;
}
