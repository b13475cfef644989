import type { CelFunc, CelValue } from '@bufbuild/cel';
import { charge } from './budget.ts';

const CHARACTERS = 256;
const ITEMS = 16;

/** Reading a calendar in a time zone takes some 40 µs. */
const CALENDAR = 16;

/** The function, its work counted by the length of the texts and lists that go in and come out. */
export const metered = (func: CelFunc): CelFunc => {
  const isCalendar = func.name.startsWith('get') && func.arguments.length > 0;
  const call: CelFunc['call'] = (id, target, args) => {
    const result = func.call(id, target, args);
    // Other overloads of the name are tried first, and cost nothing.
    if (result === undefined) return result;
    let units = isCalendar ? CALENDAR : 0;
    if (target !== undefined) units += lengthOf(target) / CHARACTERS;
    for (const arg of args) units += lengthOf(arg) / CHARACTERS;
    if (typeof result === 'string') units += result.length / CHARACTERS;
    if (func.result.kind === 'list') units += itemsOf(result) / ITEMS;
    if (units > 0) charge(units);
    return result;
  };
  return Object.create(func, { call: { value: call } }) as CelFunc;
};

const lengthOf = (value: CelValue): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;

const itemsOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'size' in value ? Number(value.size) : 0;
