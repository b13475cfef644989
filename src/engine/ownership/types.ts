import type { RecordedEvent } from '../../domain/event.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Nodes } from '../../ports/nodes.ts';
import type { OpenEmissions } from '../emissions/open-emissions.ts';
import type { Owned } from '../owned.ts';
import type { LeaseParts } from './own-lease.ts';

/** What a node does with the partitions that it is given. */
export interface PartitionWork {
  /** Takes up what is active in them, as the log says now or later: also what this node wrote before they were its own. */
  gained(partitions: readonly number[]): void;
  /** Forgets everything of a partition: it is another's now. */
  lost(partition: number): void;
  /** Lets what runs in a partition end, while nothing new is taken; answers whether that was in time. */
  drained(partition: number): Promise<boolean>;
  /** Goes on with a partition that was to be handed over. */
  kept(partition: number): void;
  /** Another node has written to an execution that is this node's: its stream ends at `revision` or later. */
  changed(executionId: string, revision: number): void;
  /** Another node has written an event of an execution of this one that tells somebody of itself. */
  noticed(executionId: string, revision: number): void;
  /** Another node has asked for a notification of this one, or to send it once more. */
  notified(notificationId: string): void;
  /** Another node has changed the schedule of a workflow that is this node's. */
  scheduled(workflow: string): void;
  /** Another node has gathered an event, of a gathering that is this node's, until then (ms since the Unix epoch). */
  gathered(id: string, dueAt: number): void;
  /** Another node has appended an event of an execution, whosever that is. */
  happened(event: RecordedEvent): void;
  /** Another node has changed a workflow, such as by a version; also told of those since `joined`, before there was any work. */
  registered(workflow: string): void;
}

/** What `startOwnership` needs. */
export interface OwnershipOptions extends LeaseParts {
  readonly logger: Logger;
  /** Milliseconds between two renewals of a lease. */
  readonly every: number;
  /** Whether this node may fold the views that all share. */
  readonly folds: boolean;
}

/** This node among those that share the log. */
export interface Ownership extends Owned, Nodes {
  /** Resolves when it knows how the leases stand; rejects with a `RangeError` when a live node counts other partitions. */
  readonly joined: Promise<void>;
  /** Which of the node's processes this is: other than any before it once `joined` is resolved. Its commits say so. */
  readonly boot: string;
  /** How many partitions there are. */
  readonly count: number;
  /** What the log that it follows says of accepted events since `joined`; the part before is to be adopted. */
  readonly emissions: OpenEmissions;
  /** The right to fold the views that all share. */
  readonly views: {
    /** Whether they may be written to now. */
    holds(): boolean;
    /** Name of the node that folds them; `undefined` while there is none. */
    holder(): string | undefined;
    /** Calls back when the lease comes (true) or goes. */
    onChange(listener: (held: boolean) => void): void;
    /** Whether this node folds them when it may; it does until it says otherwise. What it has by then it hands over. */
    want(wanted: boolean): void;
  };
  /** Begins to take partitions. */
  serve(work: PartitionWork): void;
  /** Takes nothing more; what is held stays held. */
  leave(): void;
  /** Hands all partitions over: whoever takes them need not wait for their leases' ends. */
  release(): Promise<void>;
  /** Hands the views over and ends. */
  close(): Promise<void>;
}
