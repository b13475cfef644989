/** The process around an activity took more memory than it may, and was killed. */
export class ResourceExceeded extends Error {
  readonly details: { readonly resource: 'memory'; readonly limit: number; readonly used?: number };

  constructor(activity: string, limit: number, used?: number) {
    const found = used === undefined ? 'it wanted more' : `it took ${used}`;
    super(`Expected "${activity}" to take at most ${limit} bytes of memory, but ${found}.`);
    this.name = 'ResourceExceeded';
    this.details = { resource: 'memory', limit, ...(used === undefined ? {} : { used }) };
  }
}

/** The process around an activity ended before the activity did. */
export class ProcessEnded extends Error {
  constructor(activity: string, code: number | null, signal: string | null) {
    super(`Expected "${activity}" to return or to throw, but its process ended with ${code ?? signal}.`);
    this.name = 'ProcessEnded';
  }
}
