import { hashOf } from './definition/canonical.ts';
import { ExpressionError, type Definition, type Template } from './definition/definition.ts';
import { keyOf, matches } from './definition/trigger.ts';
import type { DomainEvent, RecordedEvent } from './event.ts';
import type { Json } from './json.ts';
import { HOME } from './access/grant.ts';
import { executionIdOf } from './uuid.ts';

/** The step of an execution that emitted an event. */
export type EmittedBy = { readonly execution: string; readonly step: string };

/**
 * An execution that an event starts: of which workflow, and by which of its versions (its hash). `execution` is its id
 * where a key gives that, so that it may be there already; without it the id follows from workflow and event.
 */
export type PinnedStart = {
  readonly workflow: string;
  readonly definition: string;
  readonly execution?: string;
  /** One runs at a time of those with this key (its hash, empty where there is none): else it starts nothing. */
  readonly singleton?: string;
  /** It waits for others with this key (its hash, empty where there is none): they start one together. */
  readonly gather?: string;
};

/**
 * An event was accepted: from outside, or from the `step` of an `execution`. Executions that it starts carry its id as
 * their key, unless they have one of their own; `starts` says which, as decided before it was stored: none when it is
 * empty. Older events do not have it.
 */
export type EventEmitted = DomainEvent<
  'event.emitted',
  {
    readonly event: string;
    readonly starts?: readonly PinnedStart[];
    /** Inputs and outputs of what it starts are to be captured. */
    readonly trace?: true;
  } & Partial<EmittedBy>,
  EmittedPayload
> & { readonly payload: EmittedPayload };

interface EmittedPayload {
  readonly payload: Json;
  /** Who emitted it, as their token says. */
  readonly triggeredBy?: string;
}

/** What an accepted event says, as the log holds it: of which type it is, its payload, what it starts, and how and by whom. */
export const saidBy = ({ facts, payload }: Pick<RecordedEvent, 'payload'> & { readonly facts: object }) => {
  const said = JSON.parse(payload ?? '{}') as EventEmitted['payload'];
  const { event: type, starts, trace = false } = facts as EventEmitted['facts'];
  const user = said.triggeredBy === undefined ? {} : { user: said.triggeredBy };
  return { type, payload: said.payload, starts, trace, ...user };
};

/** What an event of a tenant with this payload starts, of the definitions that listen to its type. */
export const startsOf = (
  listening: readonly Definition[],
  payload: Json,
  tenant = HOME,
): readonly PinnedStart[] =>
  listening
    .filter(({ trigger }) => trigger !== undefined && matches(trigger, payload))
    .map((definition) => pinnedOf(definition, payload, tenant));

/** The id of an execution that an event starts. */
export const startedIdOf = ({ workflow, execution }: PinnedStart, eventId: string): string =>
  execution ?? executionIdOf(workflow, eventId);

const pinnedOf = (definition: Definition, payload: Json, tenant: string): PinnedStart => {
  const { workflow, hash, trigger } = definition;
  const key = ofItsOwn(() => keyOf(definition, { event: payload, input: null }));
  const { singleton, gathering } = trigger ?? {};
  const one = singleton && ofItsOwn(() => hashOfKey(singleton.key, payload, tenant));
  const gather = gathering && ofItsOwn(() => hashOfKey(gathering.key, payload, tenant));
  return {
    workflow,
    definition: hash,
    ...(key === undefined ? {} : { execution: executionIdOf(workflow, key, tenant) }),
    ...(one === undefined ? {} : { singleton: one }),
    ...(gather === undefined ? {} : { gather }),
  };
};

/** What one tenant says neither waits for what another does nor is gathered with it. */
const hashOfKey = (key: Template | undefined, event: Json, tenant: string): string => {
  const value = key?.evaluate({ event, input: null });
  if (tenant !== HOME) return hashOf([tenant, value ?? null]);
  return value === undefined ? '' : hashOf(value);
};

/** An event whose key cannot be evaluated is one of its own: it was accepted, and nobody is there to be told. */
const ofItsOwn = (key: () => string | undefined): string | undefined => {
  try {
    return key();
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
};
