import {
  CelScalar,
  celEnv,
  celFunc,
  celList,
  listType,
  type CelEnv,
  type CelFunc,
  type CelList,
  type CelValue,
} from '@bufbuild/cel';
import { ARITHMETIC } from './arithmetic.ts';
import { charge } from './budget.ts';
import { CONVERSIONS } from './conversions.ts';
import { EQUALITY } from './equality.ts';
import { metered } from './metered.ts';
import { TEXTS } from './text-functions.ts';

const { DOUBLE, DYN } = CelScalar;
const LIST = listType(DYN);

const collected = new WeakMap<CelList, CelValue[]>();

/** What the macros' loops call: each turn counts, and a result grows in place. No author can write these names. */
const LOOPS: readonly CelFunc[] = [
  celFunc('@turn', [DYN, DOUBLE], DYN, (goesOn, units) => {
    charge(units);
    return goesOn;
  }),
  celFunc('@list', [], LIST, () => {
    const items: CelValue[] = [];
    const list = celList(items);
    collected.set(list, items);
    return list;
  }),
  celFunc('@push', [LIST, DYN], LIST, (list, item) => {
    collected.get(list)?.push(item);
    return list;
  }),
];

const NUMBERS: readonly string[] = ['int', 'uint', 'double', 'bool'];

const isOfNumbers = ({ target, arguments: args }: CelFunc): boolean =>
  target === undefined && args.every(({ name }) => NUMBERS.includes(name));

const unmetered = celEnv({ funcs: [...ARITHMETIC, ...TEXTS, ...CONVERSIONS, ...EQUALITY] });

/** The functions that an expression may call, and how its operators work on JSON. */
export const ENVIRONMENT: CelEnv = celEnv({
  funcs: [...Array.from(unmetered.funcs, (func) => (isOfNumbers(func) ? func : metered(func))), ...LOOPS],
});

/** Whether an author may call a function of this name. */
export const isFunction = (name: string): boolean =>
  ENVIRONMENT.funcs.find(name) !== undefined && /^[a-z]/i.test(name);

const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];

/** Names of the functions and macros that an author may call. */
export const FUNCTIONS: readonly string[] = [
  ...new Set([...MACROS, ...Array.from(ENVIRONMENT.funcs, ({ name }) => name)]),
].filter((name) => /^[a-z]/i.test(name));

/** Names of CEL's types, which are values too: `type(x) == int`. */
export const TYPES: readonly string[] = [
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
];
