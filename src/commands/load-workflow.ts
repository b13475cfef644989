import { headAfter, NO_STREAM, type SealedCommit, type StreamHead } from '../domain/chain.ts';
import type { WorkflowRegistered } from '../domain/definition/events.ts';
import type { JsonObject } from '../domain/json.ts';
import { current } from '../domain/registry.ts';
import { streamOf } from '../domain/stream.ts';
import type { EventLog } from '../ports/event-log.ts';

/** One registered version: its hash and canonical document. */
export interface Version {
  readonly definition: string;
  readonly document: JsonObject;
}

/** A workflow as its stream tells it. */
export interface Workflow {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly head: StreamHead;
  readonly position: bigint;
}

/** The workflow once a commit that adds a version is durable. */
export const versionAdded = (
  workflow: Workflow,
  commit: SealedCommit,
  position: bigint,
  version: Version,
): Workflow => ({
  ...workflow,
  versions: [...workflow.versions, version],
  head: headAfter(commit),
  position,
});

/** A workflow folded from its stream; without versions when it was never registered. */
export const loadWorkflow = async (log: EventLog, name: string): Promise<Workflow> => {
  let workflow: Workflow = { name, versions: [], head: NO_STREAM, position: 0n };
  for (;;) {
    const page = await log.read(streamOf('workflow', name), { from: workflow.head.revision + 1 });
    if (page.length === 0) return workflow;
    for (const event of page) {
      const { facts, payload, revision, commit, position } = current(event);
      const { document } = JSON.parse(payload ?? '{}') as WorkflowRegistered['payload'];
      const { definition } = facts as WorkflowRegistered['facts'];
      workflow = {
        name,
        versions: [...workflow.versions, { definition, document }],
        head: { revision, hash: commit.hash },
        position,
      };
    }
  }
};
