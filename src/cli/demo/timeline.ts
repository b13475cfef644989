import { styleText } from 'node:util';
import type { Api } from './api.ts';
import { duration } from './format.ts';
import { tableOf } from './table.ts';

/** An execution as the demo's queries answer it. */
export interface Summary {
  readonly id: string;
  readonly status: string;
  readonly retries: number;
  readonly duration: number | null;
  readonly event: { readonly ticket_id: string; readonly subject: string };
}

interface Entry {
  readonly kind: string;
  readonly status: string;
  readonly step: string | null;
  readonly activity: string | null;
  readonly attempt: number | null;
  readonly startedAt: string;
  readonly duration: number | null;
  readonly handled: string | null;
  readonly error: { readonly type: string; readonly message: string } | null;
}

const TIMELINE = `query ($id: ID!, $waitFor: Position) {
  timeline(executionId: $id, first: 100, waitFor: $waitFor) {
    nodes { kind status step activity attempt startedAt duration handled error { type message } }
  }
}`;

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  COMPLETED: 'green',
  COMPENSATED: 'yellow',
  FAILED: 'red',
};

const whatOf = ({ kind, step, activity, attempt }: Entry): string => {
  if (kind === 'EXECUTION') return 'execution';
  const undone = kind === 'COMPENSATION' ? `${step} undone by ${activity}` : (step ?? kind.toLowerCase());
  return attempt !== null && attempt > 1 ? `${undone} (attempt ${attempt})` : undone;
};

const noteOf = ({ error, handled }: Entry): string => {
  if (error === null) return '';
  const then = handled === null ? '' : ` → ${handled}`;
  return styleText('dim', `${error.type}: ${error.message}${then}`);
};

/** The timeline of an execution, a line an entry, with the milliseconds from its start. */
export const timelineOf = async (api: Api, execution: Summary, waitFor: string): Promise<string> => {
  const { timeline } = await api.query<{ timeline: { nodes: readonly Entry[] } }>(TIMELINE, {
    id: execution.id,
    waitFor,
  });
  const began = Date.parse(timeline.nodes[0]?.startedAt ?? '');
  const rows = timeline.nodes.map((entry) => [
    `+${Date.parse(entry.startedAt) - began} ms`,
    whatOf(entry),
    styleText(COLOURS[entry.status] ?? 'white', entry.status.toLowerCase()),
    duration(entry.duration),
    noteOf(entry),
  ]);
  const { id, event } = execution;
  return `  ${event.ticket_id} "${event.subject}"\n  execution ${id}\n\n${tableOf(rows, [0, 3])}`;
};
