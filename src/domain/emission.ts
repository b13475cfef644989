import type { Definition } from './definition/definition.ts';
import { matches } from './definition/trigger.ts';
import type { DomainEvent, RecordedEvent } from './event.ts';
import type { Json } from './json.ts';

/** An execution that an event starts: of which workflow, and by which of its versions (its hash). */
export type PinnedStart = { readonly workflow: string; readonly definition: string };

/**
 * An event from outside was accepted; executions that it starts carry its id as their key. `starts` says which, as
 * decided before it was stored: none when it is empty. Events of before that was kept have none.
 */
export type EventEmitted = DomainEvent<
  'event.emitted',
  {
    readonly event: string;
    readonly starts?: readonly PinnedStart[];
    /** Inputs and outputs of what it starts are to be captured. */
    readonly trace?: true;
  },
  EmittedPayload
> & { readonly payload: EmittedPayload };

interface EmittedPayload {
  readonly payload: Json;
  /** Who emitted it, as their token says. */
  readonly triggeredBy?: string;
}

/** What a recorded event from outside says: of which type it is, its payload, what it starts, and how and by whom. */
export const saidBy = ({ facts, payload }: Pick<RecordedEvent, 'payload'> & { readonly facts: object }) => {
  const said = JSON.parse(payload ?? '{}') as EventEmitted['payload'];
  const { event: type, starts, trace = false } = facts as EventEmitted['facts'];
  const user = said.triggeredBy === undefined ? {} : { user: said.triggeredBy };
  return { type, payload: said.payload, starts, trace, ...user };
};

/** What an event with this payload starts, of the definitions that listen to its type. */
export const startsOf = (listening: readonly Definition[], payload: Json): readonly PinnedStart[] =>
  listening
    .filter(({ trigger }) => trigger !== undefined && matches(trigger, payload))
    .map(({ workflow, hash }) => ({ workflow, definition: hash }));
