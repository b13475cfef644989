import { Rejection } from '../domain/rejection.ts';

/** What callers are told of whose command waits for something when the server stops; it reads after "Expected a server". */
export const stopping = (that: string): Rejection =>
  new Rejection('UNAVAILABLE', `Expected a server that ${that}, but it stops: nothing was stored.`, {
    expected: 'repeat the call: another server, or this one when it is started again, carries it out',
  });
