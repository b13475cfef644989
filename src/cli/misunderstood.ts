/** A command line that does not say what is wanted; how it could is said beside it. */
export class Misunderstood extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Misunderstood';
  }
}

/** Whether an error says that a command line is at fault: ours, or that of who reads options. */
export const isMisunderstood = (error: unknown): boolean =>
  error instanceof Misunderstood ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
