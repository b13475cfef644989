import type { Definition } from '../../src/domain/definition/definition.ts';
import type { ExecutionCommand } from '../../src/domain/execution/commands.ts';
import { pendingOf } from '../../src/domain/execution/pending.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { parsed } from '../domain/definition/parsed.ts';
import { waiting } from '../domain/execution/blocks.ts';
import { completed, given, start } from '../spec/execution.ts';
import { SECTIONS } from './page.ts';

/** A run of a pattern's example, which goes on as it is told to. */
export interface Play {
  /** Calls that are under way, by their paths. */
  readonly calls: readonly string[];
  /** Everything that is waited for, with its kind. */
  readonly waits: readonly string[];
  readonly status: string;
  readonly variables: JsonObject;
  /** What a call that is under way is given. */
  given(path: string): Json;
  /** Calls return, one after the other, each with the same. */
  done(paths: string | readonly string[], output?: Json): void;
  signal(name: string, payload?: Json): void;
  /** The time comes that a step waits for. */
  pass(path: string): void;
  cancel(): void;
}

/** The example of the pattern with a number. */
export const example = (number: number): Definition => parsed(SECTIONS[number - 1]?.source ?? '').definition;

/** Starts the example of a pattern. */
export const play = (number: number, input: Json = null): Play => {
  const definition = example(number);
  const inputs = new Map<string, Json>();
  let run = given(definition);

  const carryOut = (command: ExecutionCommand): void => {
    const { events } = run.when(command);
    for (const event of events)
      if (event.type === 'step.started') inputs.set(event.facts.step, event.payload?.input ?? null);
    run = run.after(command);
  };
  const pending = () => pendingOf(definition, run.state);
  const attemptOf = (path: string): number => {
    const found = pending().find(({ step, kind }) => kind === 'attempt' && step === path);
    if (found?.kind !== 'attempt') throw new Error(`Expected a call of ${path}, but there is none.`);
    return found.attempt;
  };
  carryOut(start({ input }));

  return {
    get calls() {
      return pending().flatMap(({ kind, step }) => (kind === 'attempt' ? [step] : []));
    },
    get waits() {
      return waiting(definition, run);
    },
    get status() {
      return run.state.status;
    },
    get variables() {
      return run.state.variables;
    },
    given: (path) => inputs.get(path) ?? null,
    done: (paths, output = null) => {
      for (const path of [paths].flat()) carryOut(completed(path, attemptOf(path), output));
    },
    signal: (name, payload = null) => carryOut({ type: 'signal', signal: name, payload }),
    pass: (path) => {
      const found = pending().find(({ step, kind }) => kind === 'timer' && step === path);
      if (found?.kind !== 'timer') throw new Error(`Expected ${path} to wait, but it does not.`);
      carryOut({ type: 'fire_timer', step: path, dueAt: found.dueAt });
    },
    cancel: () => carryOut({ type: 'cancel', reason: 'withdrawn' }),
  };
};
