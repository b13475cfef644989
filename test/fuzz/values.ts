import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLInputType,
} from 'graphql';
import type { Random } from '../simulation/random.ts';
import { hostile } from './hostile.ts';

/** What is there and can be named. */
export interface Known {
  /** Executions of those who ask, and of another tenant. */
  readonly executions: readonly string[];
  readonly notifications: readonly string[];
  readonly events: readonly string[];
  readonly workflows: readonly string[];
  readonly steps: readonly string[];
  readonly projections: readonly string[];
  readonly sources: readonly string[];
  /** Definitions by their hashes. */
  readonly definitions: readonly string[];
}

/** Makes values of input types. */
export interface Values {
  readonly random: Random;
  readonly known: Known;
  /** How often a value is one that nobody asked for. */
  readonly hostility: number;
}

const textsFor = (name: string, known: Known): readonly string[] => {
  const all: Readonly<Record<string, readonly string[]>> = {
    workflow: known.workflows,
    name: [...known.workflows, ...known.projections],
    step: known.steps,
    steps: known.steps,
    source: known.sources,
    timeZone: ['UTC', 'Europe/Berlin'],
    type: ['ticket:created', 'orders'],
    eventId: known.events,
    definition: known.definitions,
    version: known.definitions,
    window: ['1h', '15m'],
    reason: ['because', 'of this'],
    idempotencyKey: ['a', 'b', 'c'],
  };
  return Object.hasOwn(all, name)
    ? (all[name] ?? [])
    : ['go', 'ann', 'of-a', ...known.steps, ...known.workflows];
};

const idsFor = (name: string, { executions, notifications, events }: Known): readonly string[] =>
  name === 'id' ? [...executions, ...notifications, ...events] : executions;

const scalar = (type: string, name: string, { random, known }: Values): unknown => {
  if (type === 'Int') return name === 'first' ? random.int(1, 30) : random.int(0, 5);
  if (type === 'Float') return random.next();
  if (type === 'Boolean') return random.chance(0.5);
  // Nobody is waited for that may never come.
  if (type === 'Position' || type === 'Cursor') return String(random.int(0, 20));
  if (type === 'DateTime')
    return new Date(Date.UTC(2026, random.int(0, 11), random.int(1, 28))).toISOString();
  if (type === 'JSON') return random.pick([{}, { who: 'them' }, [1, 'a', null], 'text', 7, null]);
  return random.pick(type === 'ID' ? idsFor(name, known) : textsFor(name, known));
};

// A position that is far away is waited for as long as callers are patient.
const isAwaited = (name: string, value: unknown): boolean =>
  ['waitFor', 'after'].includes(name) && typeof value === 'string' && /^\d+$/.test(value);

const unasked = (name: string, random: Random): unknown => {
  const value = hostile(random);
  return isAwaited(name, value) ? 'soon' : value;
};

/** A value for an argument or a field of this name and type. */
export const valueFor = (type: GraphQLInputType, name: string, values: Values): unknown => {
  const { random, hostility } = values;
  if (random.chance(hostility)) return unasked(name, random);
  if (isNonNullType(type)) return valueFor(type.ofType, name, values);
  if (isListType(type)) {
    const of = type.ofType;
    return Array.from({ length: random.int(0, 3) }, () => valueFor(of, name, values));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (!isInputObjectType(type)) return scalar(type.name, name, values);
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => isRequiredInputField(field) || random.chance(0.3))
      .map((field) => [field.name, valueFor(field.type, field.name, values)]),
  );
};
