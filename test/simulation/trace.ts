import { createHash } from 'node:crypto';

/** What happened in a run, line by line. */
export interface Trace {
  add(line: string): void;
  /** The last lines. */
  readonly last: readonly string[];
  /** Of all lines: two runs that did the same have the same. */
  hash(): string;
  readonly lines: number;
}

/** A trace that keeps so many of its last lines. */
export const createTrace = (now: () => number, kept: number): Trace => {
  const start = now();
  const all = createHash('sha256');
  const last: string[] = [];
  let lines = 0;
  return {
    add: (text) => {
      const line = `${now() - start} ${text}`;
      all.update(`${line}\n`);
      lines += 1;
      last.push(line);
      if (last.length > kept) last.shift();
    },
    last,
    hash: () => all.copy().digest('hex'),
    get lines() {
      return lines;
    },
  };
};
