import type { Json } from '../../src/domain/json.ts';
import type { HandClock } from '../spec/clock.ts';
import type { Run } from '../spec/engine.ts';

/** An activity that takes so many milliseconds. */
export const takes =
  (clock: HandClock, ms: number, output: Json): Run =>
  () => {
    clock.advance(ms);
    return output;
  };

/** An activity that fails after so many milliseconds. */
export const fails =
  (clock: HandClock, ms: number, type: string): Run =>
  () => {
    clock.advance(ms);
    throw Object.assign(new Error(`It went wrong: ${type}.`), { type });
  };

/** An activity that does not return. */
export const never: Run = () => new Promise(() => undefined);
