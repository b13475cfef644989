import { CelScalar, celFunc, type CelFunc } from '@bufbuild/cel';

const { DOUBLE, INT } = CelScalar;

/** A double from an integer. Throws where it would not be the same number. */
const exact = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond the integers that are exact`);
  return number;
};

/** Integers whose result is no longer exact must not lose their last digits without a word. */
const guarded =
  (operate: (left: number, right: number) => number) =>
  (left: number, right: number): number => {
    const result = operate(left, right);
    const lost =
      Number.isSafeInteger(left) &&
      Number.isSafeInteger(right) &&
      Number.isFinite(result) &&
      Math.abs(result) > Number.MAX_SAFE_INTEGER;
    if (lost) throw new RangeError(`the result ${result} is beyond the integers that are exact`);
    return result;
  };

const nonZero = (divisor: number, operation: string): void => {
  if (divisor === 0) throw new RangeError(`${operation} by zero`);
};

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '_+_': guarded((left, right) => left + right),
  '_-_': guarded((left, right) => left - right),
  '_*_': guarded((left, right) => left * right),
  '_/_': (left, right) => {
    nonZero(right, 'division');
    return left / right;
  },
  '_%_': (left, right) => {
    nonZero(right, 'modulus');
    return left % right;
  },
};

/**
 * Numbers of JSON are doubles, and integers written in an expression meet them as doubles:
 * `input.count + 1` and `2 * input.ratio` work, `input.count / 2` divides without cutting.
 */
export const ARITHMETIC: readonly CelFunc[] = Object.entries(OPERATORS).flatMap(([name, operate]) => [
  celFunc(name, [DOUBLE, DOUBLE], DOUBLE, operate),
  celFunc(name, [INT, DOUBLE], DOUBLE, (left, right) => operate(exact(left), right)),
  celFunc(name, [DOUBLE, INT], DOUBLE, (left, right) => operate(left, exact(right))),
]);
