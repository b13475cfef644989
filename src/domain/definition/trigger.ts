import { own, type Json, type JsonObject } from '../json.ts';
import { canonicalText } from './canonical.ts';
import {
  ExpressionError,
  type Condition,
  type Definition,
  type EventTrigger,
  type Route,
  type Scope,
} from './definition.ts';

/** A route in one line: `POST /orders`. */
export const nameOfRoute = ({ method, path }: Route): string => `${method} ${path}`;

/**
 * What makes an event or a request start the same execution as another one with that key; `undefined` when nothing does,
 * as where it is null or empty. Throws `ExpressionError`.
 */
export const keyOf = (
  { idempotencyKey }: Pick<Definition, 'idempotencyKey'>,
  scope: Pick<Scope, 'event' | 'input'>,
): string | undefined => {
  const key = idempotencyKey?.evaluate(scope) ?? null;
  if (key === null || key === '') return undefined;
  return typeof key === 'string' ? key : canonicalText(key);
};

/** Whether an event with this payload starts the workflow. A condition that cannot be evaluated does not hold. */
export const matches = ({ conditions }: EventTrigger, payload: Json): boolean =>
  conditions.every((condition) => holds(condition, payload));

const holds = (condition: Condition, payload: Json): boolean => {
  if ('equals' in condition) return isSame(memberAt(payload, condition.field), condition.equals);
  try {
    return condition.holds.evaluate({ event: payload }) === true;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
};

/** A key may have dots itself; only when there is none of that name are they steps of a path. */
const memberAt = (value: Json, field: string): Json | undefined => {
  const whole = memberOf(value, field);
  if (whole !== undefined || !field.includes('.')) return whole;
  let member: Json | undefined = value;
  for (const name of field.split('.')) member = member === undefined ? undefined : memberOf(member, name);
  return member;
};

const memberOf = (value: Json, name: string): Json | undefined =>
  isObject(value) ? own(value, name) : undefined;

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isSame = (left: Json | undefined, right: Json): boolean => {
  if (left === undefined) return false;
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index] ?? null));
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => {
        const other = own(right, key);
        return other !== undefined && isSame(left[key], other);
      })
    );
  }
  return left === right;
};
