import { CelScalar, celEnv, celFunc, celUint, isCelError, type CelFunc } from '@bufbuild/cel';
import { shortened } from '../../cut.ts';
import { parseTime } from '../../time.ts';

const { DOUBLE, DYN, INT, STRING, UINT } = CelScalar;

const WHOLE = /^[+-]?\d{1,20}$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const MAX_UINT = 2n ** 64n - 1n;
const MAX_INT = 2n ** 63n - 1n;

const whole = (text: string, least: bigint, most: bigint, type: string): bigint => {
  const value = WHOLE.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || value < least || value > most)
    throw new RangeError(`${shown(text)} is no ${type}`);
  return value;
};

const shown = (text: string): string => JSON.stringify(shortened(text, 40));

const standardTimestamp = celEnv().funcs.find('timestamp');

const timestampOf = (text: string) => {
  const value = standardTimestamp?.call(0, undefined, [text]);
  // The library takes the 30th of February for the 2nd of March.
  if (value === undefined || isCelError(value) || parseTime(text.slice(0, 10)) === undefined)
    throw new RangeError(`${shown(text)} is no time such as 2026-01-31T09:00:00Z`);
  return value;
};

const MAX_SECONDS = 253_402_300_799n;

/**
 * Texts and numbers to others, as CEL's specification has it. The library takes what JavaScript takes: an empty
 * text for 0, "0x1f", spaces around, and what is no number at all for NaN; seconds it takes for milliseconds.
 */
export const CONVERSIONS: readonly CelFunc[] = [
  celFunc('int', [STRING], INT, (text) => whole(text, -MAX_INT - 1n, MAX_INT, 'integer')),
  celFunc('uint', [STRING], UINT, (text) => celUint(whole(text, 0n, MAX_UINT, 'unsigned integer'))),
  celFunc('double', [STRING], DOUBLE, (text) => {
    if (/^[+-]?Infinity$|^NaN$/.test(text)) return Number(text);
    if (!DECIMAL.test(text)) throw new RangeError(`${shown(text)} is no number`);
    return Number(text);
  }),
  celFunc('timestamp', [STRING], DYN, timestampOf),
  celFunc('timestamp', [INT], DYN, (seconds) => {
    if (seconds > MAX_SECONDS || seconds < -62_135_596_800n)
      throw new RangeError(`${seconds} seconds are no time from the year 1 to 9999`);
    return timestampOf(new Date(Number(seconds) * 1_000).toISOString());
  }),
];
