interface Told {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly expected?: unknown } | undefined;
}

/** What there is to choose from; anything else that was expected is said in the message. */
const choiceOf = (expected: unknown): string =>
  Array.isArray(expected) && expected.length > 0 ? ` There are: ${expected.join(', ')}.` : '';

/** What a server said is wrong, each line with its code. */
export const toldFailure = (errors: readonly Told[]): Error =>
  new Error(
    errors
      .map(
        ({ message, extensions: { code = 'ERROR', expected } = {} }) =>
          `${code}: ${message}${choiceOf(expected)}`,
      )
      .join('\n'),
  );

const causeOf = (error: unknown): string => {
  const { cause } = error as { readonly cause?: unknown };
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (inner instanceof Error && inner.message !== '') return inner.message;
  return error instanceof Error ? error.message : String(error);
};

/** That nobody answers at a URL. */
export const noAnswer = (url: string, error: unknown): Error =>
  new Error(
    `Expected a server that answers at ${url}, but there is none (${causeOf(error)}): start it, or say by --url where it is.`,
    { cause: error },
  );

/** That what answers at a URL is no API of ours. */
export const otherAnswer = (url: string, status: number, type: string | null): Error =>
  new Error(
    `Expected the API of a server at ${url}, but the answer was ${status}, ${type ?? 'of no type'}: say by --url where it is.`,
  );

/** How a socket ends: by its closing, or by an error. */
interface Ended {
  readonly code?: number;
  readonly reason?: string;
  readonly error?: unknown;
}

/** Why what was asked over a socket has no answer: what the server said, or that it has gone. */
export const socketFailure = (url: string, error: unknown): Error => {
  if (Array.isArray(error)) return toldFailure(error as readonly Told[]);
  const { code, reason, error: cause } = error as Ended;
  // A socket that was never open ends by an event that has no code.
  if (code === undefined) return noAnswer(url, cause ?? error);
  const why = reason === undefined || reason === '' ? String(code) : `${code}, ${reason}`;
  return new Error(
    `Expected ${url} to answer, but the connection has ended (${why}): what was asked for may be under way there.`,
  );
};
