import type { IncomingMessage } from 'node:http';
import type { Attempt, Refusals } from '../../commands/audit/refusals.ts';
import type { RefusalCode } from '../../domain/audit/events.ts';
import { Unauthenticated } from '../../ports/authenticator.ts';
import { callerOf } from '../context.ts';
import { errorCode } from '../errors/error-mapper.ts';
import type { Requests } from '../requests.ts';

/** What somebody tries. */
export type Tried = Omit<Attempt, 'code'>;

/** What refusals are taken note of with. */
export interface RefusedParts {
  readonly refusals: Pick<Refusals, 'note'>;
  readonly requests: Requests;
}

const WANT_OF_RIGHTS: readonly RefusalCode[] = ['FORBIDDEN', 'NOT_AN_ASSIGNEE'];

/** The code of an error that says that somebody may not what they try; `undefined` of any other. */
export const wantOfRights = (error: unknown): RefusalCode | undefined => {
  const code = errorCode(error);
  return WANT_OF_RIGHTS.find((known) => known === code);
};

/** Takes note of whoever is refused since their key counts no more; of nobody when the error tells of something else. */
export const noteFormer = (
  { refusals, requests }: RefusedParts,
  request: IncomingMessage,
  tried: () => Tried,
  error: unknown,
): void => {
  if (!(error instanceof Unauthenticated) || error.former === undefined) return;
  const { actor, tenant } = error.former;
  const nobody = { actor, access: { tenant, grants: [] }, user: undefined, until: undefined };
  const attempt = { ...tried(), code: 'UNAUTHENTICATED' } as const;
  refusals.note(attempt, callerOf(request, nobody, requests.of(request), attempt.operation));
};
