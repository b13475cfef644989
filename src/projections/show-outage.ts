import type { Member, MemberStore } from './member.ts';

/** Shows what a member has to wait for, and when that is over. */
export const showOutage = (
  { tell }: Pick<MemberStore, 'tell'>,
  member: Member,
  outage: Error | undefined,
): void => {
  member.outage = outage;
  tell(member, 'state');
};
