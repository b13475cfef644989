import type { RecordedEvent } from '../../domain/event.ts';
import { categoryOf } from '../../domain/stream.ts';
import type { FeedFilter } from './filter.ts';

/** Members by what they may want, so that an event is offered to those alone who may want it. */
export interface Interests<T extends { readonly filter: FeedFilter }> {
  readonly size: number;
  add(member: T): void;
  /** Whether it was there. */
  remove(member: T): boolean;
  all(): readonly T[];
  /** Everybody who may want an event, each once. */
  of(event: RecordedEvent): Iterable<T>;
}

type Kind = 'stream' | 'both' | 'workflow' | 'type' | 'category' | 'any';

const both = (workflow: unknown, type: string): string => `${String(workflow)} ${type}`;

/** Where a filter is looked up: by what fewest events have of that which it asks for. */
const placeOf = ({
  stream,
  workflow,
  types,
  categories,
}: FeedFilter): readonly [Kind, readonly (string | undefined)[]] => {
  if (stream !== undefined) return ['stream', [stream]];
  const asked = types && [...new Set<string>(types)];
  if (workflow !== undefined)
    return asked === undefined
      ? ['workflow', [workflow]]
      : ['both', asked.map((type) => both(workflow, type))];
  if (asked !== undefined) return ['type', asked];
  if (categories !== undefined) return ['category', [...new Set<string>(categories)]];
  return ['any', [undefined]];
};

/** Nobody yet. An event costs a look-up for each thing that one can ask for, however many members there are. */
export const createInterests = <T extends { readonly filter: FeedFilter }>(): Interests<T> => {
  const members = new Set<T>();
  const groups: Readonly<Record<Kind, Map<unknown, Set<T>>>> = {
    stream: new Map(),
    both: new Map(),
    workflow: new Map(),
    type: new Map(),
    category: new Map(),
    any: new Map(),
  };

  return {
    get size() {
      return members.size;
    },
    add: (member) => {
      members.add(member);
      const [kind, keys] = placeOf(member.filter);
      for (const key of keys) {
        const group = groups[kind].get(key);
        if (group === undefined) groups[kind].set(key, new Set([member]));
        else group.add(member);
      }
    },
    remove: (member) => {
      if (!members.delete(member)) return false;
      const [kind, keys] = placeOf(member.filter);
      for (const key of keys) {
        const group = groups[kind].get(key);
        group?.delete(member);
        if (group?.size === 0) groups[kind].delete(key);
      }
      return true;
    },
    all: () => [...members],
    *of({ stream, type, facts }) {
      // An event has one of each, and a member is in the groups of one kind.
      yield* groups.stream.get(stream) ?? [];
      if (groups.both.size > 0) yield* groups.both.get(both(facts['workflow'], type)) ?? [];
      yield* groups.workflow.get(facts['workflow']) ?? [];
      yield* groups.type.get(type) ?? [];
      yield* groups.category.get(categoryOf(stream)) ?? [];
      yield* groups.any.get(undefined) ?? [];
    },
  };
};
