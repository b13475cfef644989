/** What a token says to whoever it is shown. */
export interface OfToken {
  readonly executionId: string;
  /** Path of the step. */
  readonly step: string;
}

const LONGEST = 16_384;

/** Makes a token for an attempt of a step; `secret` is what nobody can guess. */
export const writeToken = ({ executionId, step }: OfToken, secret: string): string =>
  `${Buffer.from(JSON.stringify([executionId, step])).toString('base64url')}.${secret}`;

/** What a token is for; `undefined` when it is none. */
export const readToken = (token: string): OfToken | undefined => {
  if (token.length > LONGEST) return undefined;
  try {
    const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
    const [executionId, step] = JSON.parse(text) as readonly unknown[];
    return typeof executionId === 'string' && typeof step === 'string' ? { executionId, step } : undefined;
  } catch {
    return undefined;
  }
};
