import type { RecordedReads } from '../../domain/definition/audit.ts';
import type { WorkflowAudit } from '../../ports/workflow-audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Caller } from '../caller.ts';
import { patiently } from '../patience.ts';
import type { Audit } from './audit.ts';

/** Sees to it that reads are recorded that are to be, before anything is answered. */
export interface Reads {
  /** The raw history of an execution. Throws as `Audit.note`. */
  history(executionId: string, workflow: string | undefined, caller: Caller): void;
  /** Payloads of an execution, or of what belongs to it. Throws as `Audit.note`. */
  payloads(target: string, workflow: string | undefined, caller: Caller, operation: string): void;
  /** Events of a workflow, or of all: on record before the first one is given. Rejects as `Audit.record`, and with `UNAVAILABLE` when that takes longer than ten seconds. */
  export(workflow: string | undefined, caller: Caller): Promise<void>;
  /** What is done without an event that tells of it: on record before it is done. Rejects as `export`. */
  command(target: string, caller: Caller): Promise<void>;
}

/** What is recorded where a definition says nothing: nothing of callers who are nobody in particular. */
const usual = ({ actor }: Caller): RecordedReads => (actor.via === 'none' ? 'none' : 'history');

/** Records what the definitions of workflows say. */
export const createReads = (
  audit: Pick<Audit, 'note' | 'record'>,
  workflows: WorkflowAudit,
  clock: Clock,
): Reads => {
  const said = (workflow: string): RecordedReads | undefined => workflows.recordedReads(workflow);
  const of = (workflow: string | undefined, caller: Caller): RecordedReads =>
    (workflow === undefined ? undefined : said(workflow)) ?? usual(caller);
  /** Of all workflows together: as of the one that wants the most. */
  const ofAll = (caller: Caller): boolean =>
    usual(caller) !== 'none' || workflows.names().some((name) => (said(name) ?? 'none') !== 'none');

  return {
    history: (executionId, workflow, caller) => {
      if (of(workflow, caller) !== 'none')
        audit.note({ what: 'history', target: executionId, workflow }, caller);
    },
    payloads: (target, workflow, caller, operation) => {
      if (of(workflow, caller) === 'payloads')
        audit.note({ what: 'payloads', target, workflow, operation }, caller);
    },
    export: async (workflow, caller) => {
      const isWanted = workflow === undefined ? ofAll(caller) : of(workflow, caller) !== 'none';
      const read = { what: 'export', target: workflow ?? '', workflow } as const;
      if (isWanted) await patiently(clock, audit.record(read, caller));
    },
    command: (target, caller) => patiently(clock, audit.record({ what: undefined, target }, caller)),
  };
};
