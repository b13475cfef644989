import { MOST } from './flow/resources.ts';

/** Source of the regular expression of a number of cores: `2`, `0.5` or, in thousandths of one, `500m`. */
export const CORES_PATTERN = '\\d+(?:\\.\\d+)?m?';

const CORES = new RegExp(`^${CORES_PATTERN}$`);

/** Thousandths of a core, whole ones and at most `MOST`; `undefined` for what is no number of cores. */
export const parseCores = (written: string | number): number | undefined => {
  if (typeof written === 'number') return whole(written * 1_000);
  if (!CORES.test(written)) return undefined;
  const number = Number.parseFloat(written);
  return whole(written.endsWith('m') ? number : number * 1_000);
};

// What is no whole number only by the way in which machines count is one.
const whole = (thousandths: number): number => Math.max(0, Math.min(MOST, Math.ceil(thousandths - 1e-6)));
