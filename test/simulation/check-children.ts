import type { RecordedEvent } from '../../src/domain/event.ts';
import { isEnd } from '../../src/domain/execution/lifecycle.ts';
import { streamOf } from '../../src/domain/stream.ts';
import { stateOf } from './execution-of.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

/** What a step says of the end of its child is what the child's own history said by then; somebody may retry it later. */
const checkEnd = ({ log, broken }: World, id: string, { facts, position }: RecordedEvent): void => {
  const events = log.stream(streamOf('execution', facts['child'] as string));
  const ends = events.filter((event) => event.position < position && isEnd(event.type));
  const statuses = ends.map(({ revision }) => stateOf(events.slice(0, revision + 1)).status);
  if (!statuses.some((status) => status === facts['status']))
    broken('a child ends as its parent says', { id, facts, statuses });
};

/** Every child has a parent that started it, once for each; one that was told to end has ended, whatever it came to. */
export const checkChildren = (world: World, histories: readonly History[]): void => {
  const { log, broken } = world;
  for (const { id, events } of histories) {
    const { parent, parentStep } = events[0]?.facts ?? {};
    const above = parent === undefined ? [] : log.stream(streamOf('execution', parent as string));
    const begun = above.filter(({ type, facts }) => type === 'step.started' && facts['child'] === id);
    if (parent !== undefined && begun.every(({ facts }) => facts['step'] !== parentStep))
      broken('a child is started by a step', { id, parent, parentStep });

    const open = new Set<unknown>();
    for (const event of events) {
      const { child } = event.facts;
      if (child === undefined) continue;
      const of = { id, type: event.type, facts: event.facts };
      if (event.type === 'child.started' && log.stream(streamOf('execution', child as string)).length === 0)
        broken('a child that was started is in the log', of);
      if (event.type === 'child.started' && event.facts['awaited'] === true) open.add(child);
      else if (event.type === 'child.ended' && !open.delete(child)) broken('a child ends once', of);
      if (event.type === 'child.ended') checkEnd(world, id, event);
      if (event.type === 'child.cancel_requested') {
        open.delete(child);
        const { status } = stateOf(log.stream(streamOf('execution', child as string)));
        if (status === 'running' || status === 'compensating')
          broken('a child that was told to end has ended', of);
      }
    }
  }
};
