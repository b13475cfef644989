// Made by `npm run client`.
import type { TypedDocument } from './typed-document.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> =
  T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** How an execution stands. */
export type ExecutionStatus =
  /** Somebody ended it. */
  | 'CANCELLED'
  /** It ended with an error, and all that was done was undone. */
  | 'COMPENSATED'
  /** A step failed, or it was cancelled, and what was done is being undone. */
  | 'COMPENSATING'
  /** All its steps are through. */
  | 'COMPLETED'
  /** It ended with an error, and what was done was not undone, or not all of it; it can be retried. */
  | 'FAILED'
  /** Nothing new is begun until it is resumed. */
  | 'PAUSED'
  /** It waits until fewer executions of its workflow go on than may. */
  | 'QUEUED'
  /** Its steps are being carried out. */
  | 'RUNNING';

export type FailedSinceQueryVariables = Exact<{
  from: string;
  after?: string | null | undefined;
  waitFor?: string | null | undefined;
}>;

export type FailedSinceQuery = {
  readonly executions: {
    readonly totalCount: string;
    readonly nodes: ReadonlyArray<{
      readonly errorStep: string | null;
      readonly id: string;
      readonly workflow: string;
      readonly status: ExecutionStatus;
      readonly startedAt: string;
      readonly duration: number | null;
      readonly error: { readonly type: string; readonly message: string } | null;
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type ShortFragment = {
  readonly id: string;
  readonly workflow: string;
  readonly status: ExecutionStatus;
  readonly startedAt: string;
  readonly duration: number | null;
};

export type RegisterMutationVariables = Exact<{
  source: string;
}>;

export type RegisterMutation = {
  readonly registerWorkflow: {
    readonly workflow: string;
    readonly number: number;
    readonly created: boolean;
    readonly position: string;
  };
};

export type StartMutationVariables = Exact<{
  workflow: string;
  input?: unknown;
  key?: string | null | undefined;
}>;

export type StartMutation = {
  readonly startExecution: {
    readonly executionId: string;
    readonly created: boolean;
    readonly position: string;
  };
};

export type CancelMutationVariables = Exact<{
  id: string;
  reason?: string | null | undefined;
}>;

export type CancelMutation = {
  readonly cancelExecution:
    | {
        readonly __typename: 'ExecutionAlreadyEnded';
        readonly status: ExecutionStatus;
        readonly position: string;
      }
    | { readonly __typename: 'ExecutionBeingUndone'; readonly position: string }
    | {
        readonly __typename: 'ExecutionCancelled';
        readonly status: ExecutionStatus;
        readonly position: string;
      };
};

export type FollowSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;

export type FollowSubscription = {
  readonly executionEvents: {
    readonly cursor: string;
    readonly type: string;
    readonly at: string;
    readonly facts: unknown;
  };
};

/** The query FailedSince. */
export const FailedSince: TypedDocument<FailedSinceQuery, FailedSinceQueryVariables> = `
query FailedSince($from: DateTime!, $after: String, $waitFor: Position) {
  executions(
    filter: {status: [FAILED], endedFrom: $from}
    orderBy: ENDED_AT_DESC
    first: 50
    after: $after
    waitFor: $waitFor
  ) {
    totalCount
    nodes {
      ...Short
      errorStep
      error {
        type
        message
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

fragment Short on Execution {
  id
  workflow
  status
  startedAt
  duration
}`;

/** The mutation Register. */
export const Register: TypedDocument<RegisterMutation, RegisterMutationVariables> = `
mutation Register($source: String!) {
  registerWorkflow(source: $source) {
    workflow
    number
    created
    position
  }
}`;

/** The mutation Start. */
export const Start: TypedDocument<StartMutation, StartMutationVariables> = `
mutation Start($workflow: String!, $input: JSON, $key: String) {
  startExecution(workflow: $workflow, input: $input, idempotencyKey: $key) {
    executionId
    created
    position
  }
}`;

/** The mutation Cancel. */
export const Cancel: TypedDocument<CancelMutation, CancelMutationVariables> = `
mutation Cancel($id: ID!, $reason: String) {
  cancelExecution(executionId: $id, reason: $reason) {
    __typename
    ... on ExecutionCancelled {
      status
      position
    }
    ... on ExecutionAlreadyEnded {
      status
      position
    }
    ... on ExecutionBeingUndone {
      position
    }
  }
}`;

/** The subscription Follow. */
export const Follow: TypedDocument<FollowSubscription, FollowSubscriptionVariables> = `
subscription Follow($id: ID!, $after: Position) {
  executionEvents(id: $id, after: $after) {
    cursor
    type
    at
    facts
  }
}`;
