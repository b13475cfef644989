import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Frees all that nobody holds. */
export const collectGarbage = async (): Promise<void> => {
  // What this turn has touched is kept until its end.
  await turn();
  collect();
};
