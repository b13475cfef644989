import {
  CelScalar,
  celEnv,
  celFunc,
  celType,
  isCelList,
  isCelMap,
  listType,
  mapType,
  type CelFunc,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel';
import { charge } from './budget.ts';

const { BOOL, DYN, STRING } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

const VALUES = 16;
const CHARACTERS = 1_024;

const standard = celEnv().funcs.find('_==_');

/** Equality as CEL has it, each value that is compared counted. */
const isSame = (left: CelValue, right: CelValue): boolean => {
  charge(1 / VALUES);
  if (typeof left === 'string' && typeof right === 'string') {
    charge(Math.min(left.length, right.length) / CHARACTERS);
    return left === right;
  }
  if (isCelList(left) && isCelList(right)) {
    if (left.size !== right.size) return false;
    charge(left.size / VALUES);
    const others = right[Symbol.iterator]();
    for (const item of left) {
      const other = others.next();
      if (other.done === true || !isSame(item, other.value)) return false;
    }
    return true;
  }
  if (isCelMap(left) && isCelMap(right)) return isSameMap(left, right);
  return standard?.call(0, undefined, [left, right]) === true;
};

const isSameMap = (left: CelMap, right: CelMap): boolean => {
  if (left.size !== right.size) return false;
  charge(left.size / VALUES);
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || !isSame(value, other)) return false;
  }
  return true;
};

/** `==`, `!=`, `in` and `has()`. A key whose value is null is there all the same. */
export const EQUALITY: readonly CelFunc[] = [
  celFunc('_==_', [DYN, DYN], BOOL, isSame),
  celFunc('_!=_', [DYN, DYN], BOOL, (left, right) => !isSame(left, right)),
  celFunc('@in', [DYN, LIST], BOOL, (sought, list) => {
    for (const item of list) if (isSame(item, sought)) return true;
    return false;
  }),
  celFunc('@in', [STRING, MAP], BOOL, (key, map) => map.get(key) !== undefined),
  celFunc('@has', [DYN, STRING], BOOL, (value, key) => {
    if (isCelMap(value)) return value.get(key) !== undefined;
    throw new TypeError(`has() looks into maps, not into a ${celType(value).name}`);
  }),
];
