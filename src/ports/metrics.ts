/** Kinds of operations of the API. */
export type OperationKind = 'query' | 'mutation' | 'subscription';

/** What the server counts of itself, for whoever watches over it. */
export interface Metrics {
  /** An operation of the API was answered, or a subscription begun: `ok`, or with the code of its first error. */
  answered(operation: OperationKind, outcome: string, seconds: number): void;
  /** A request was refused since it is not known whose it is, or, where there is a key that was somebody's, since that counts no more. */
  unidentified(who: 'nobody' | 'key'): void;
  /** All figures as they are now, in the text format of Prometheus. */
  exposition(): Promise<string>;
}
