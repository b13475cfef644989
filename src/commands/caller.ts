import type { Scope } from '../domain/access/scope.ts';
import type { Actor, Request } from '../domain/event.ts';
import type { Start } from '../domain/execution/commands.ts';

/** On whose behalf a command is carried out. */
export interface Caller {
  readonly actor: Actor;
  readonly tenant: string;
  /** W3C trace context of the request. */
  readonly traceparent: string | undefined;
  /** The request that they make. */
  readonly request?: Request;
  /** Inputs and outputs of what is started are to be captured. */
  readonly trace?: boolean;
  /** Who it is, as the caller's token says. */
  readonly user?: string;
  /** Which executions the command may come to; all of them unless it is given. */
  readonly scope?: Scope | undefined;
}

/** What the start of an execution says of whoever asked for it. */
export const startedBy = ({ trace = false, user }: Caller): Pick<Start, 'trace' | 'triggeredBy'> => ({
  ...(trace ? { trace } : {}),
  ...(user === undefined ? {} : { triggeredBy: user }),
});
