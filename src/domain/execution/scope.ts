import type { Scope } from '../definition/definition.ts';
import { pathOf } from '../definition/places.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ErrorPayload } from './events.ts';
import { blockOf, keyOf, lineOf, nameOf } from './path.ts';
import { loopItemsOf, stepOf, type LoopItem } from './state.ts';
import type { Turn } from './turn.ts';

/** What is known besides in a place: an output, an error. */
interface More {
  readonly output?: Json;
  readonly error?: ErrorPayload;
  /** What the loops around were at, where that is over. */
  readonly items?: readonly LoopItem[];
}

/** Steps as they are seen from a branch: those of its own turn of a loop and not of the others. */
const stepsSeenFrom = ({ definition, state }: Turn, branch: string): NonNullable<Scope['steps']> => {
  const line = lineOf(branch).map((at) => ({ block: nameOf(blockOf(at)), key: keyOf(at) }));
  const seen: Record<string, { output: Json; status: string; attempts: number }> = {};
  for (const [name, place] of definition.places) {
    const path = pathOf(name, place, line);
    const step = path === undefined ? undefined : stepOf(state, path);
    if (step === undefined) continue;
    const { output, status, attempt } = step;
    seen[name] = { output, status, attempts: attempt };
  }
  return seen;
};

/** What the loops around a branch are at: `item` and `index` of the innermost, and the names given to those of all. */
const namesOf = ({ definition }: Turn, items: readonly LoopItem[]): Readonly<Record<string, Json>> => {
  const names: Record<string, Json> = {};
  for (const { branch, index, item } of items) {
    const step = definition.places.get(nameOf(blockOf(branch)))?.step;
    if (step?.kind !== 'foreach') continue;
    names['item'] = item;
    names['index'] = index;
    if (step.item !== undefined) names[step.item] = item;
    if (step.index !== undefined) names[step.index] = index;
  }
  return names;
};

/** An error as expressions and fallbacks see it. */
export const errorSeen = ({ type, message, details = null }: ErrorPayload) => ({ type, message, details });

/** What the expressions of a branch see; parts that are costly are made when they are first asked for. */
export const scopeOf = (turn: Turn, branch: string, { error, items, ...more }: More = {}): Scope => {
  const { state, context } = turn;
  let workflow: JsonObject | undefined;
  let steps: Scope['steps'];
  return {
    ...namesOf(turn, items ?? loopItemsOf(state, branch)),
    ...more,
    ...(error === undefined ? {} : { error: errorSeen(error) }),
    event: state.event,
    events: state.events ?? [],
    input: state.input,
    get workflow(): JsonObject {
      workflow ??= {
        ...state.variables,
        id: context.executionId,
        name: state.workflow,
        started_at: new Date(state.startedAt).toISOString(),
      };
      return workflow;
    },
    get steps() {
      steps ??= stepsSeenFrom(turn, branch);
      return steps;
    },
  };
};
