/** Who looks after a thread of a spec: told of each end, and asked for each rest, which ends when the spec says so. */
export const lookingAfter = () => {
  const failures: unknown[] = [];
  const rests: number[] = [];
  let worked = 0;
  let wake = (): void => undefined;
  const over = (): void => {
    const fire = wake;
    wake = () => undefined;
    fire();
  };
  const after = (ms: number, fire: () => void) => {
    rests.push(ms);
    wake = fire;
    return { cancel: () => (wake = () => undefined) };
  };
  return {
    failures,
    rests,
    /** How often it was said to work. */
    worked: () => worked,
    over,
    clock: { after },
    ended: (failure: unknown) => void failures.push(failure),
    works: () => void (worked += 1),
  };
};
