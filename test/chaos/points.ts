import { PROJECTIONS } from '../../src/projections/catalogue.ts';

/** What is under way when the server is killed. */
export type Situation =
  /** Executions of every kind are started. */
  | 'load'
  /** The server takes up what one that was killed before left behind. */
  | 'recovery'
  /** The server was told to stop. */
  | 'drain'
  /** A view is rebuilt. */
  | 'rebuild'
  /** A server claims the partitions of one that was killed before: only where nodes share a log. */
  | 'claim'
  /** A server that was told to stop releases its partitions: only where nodes share a log. */
  | 'release';

/** A place of the path from a command to its views at which a server can be killed. */
export interface CrashPoint {
  readonly name: string;
  /** Which time it is reached counts. */
  readonly at: number;
  readonly situation: Situation;
  /** Also run on a log and views of servers, where each costs more. */
  readonly main?: true;
  /** What is true when the server dies there. */
  readonly means: string;
}

/** Every crash point: a spec runs each, and each of them has to be reached. */
export const POINTS = [
  {
    name: 'after-decide',
    at: 25,
    situation: 'load',
    means: 'What follows from a command is decided, and nothing of it handed to the log.',
  },
  {
    name: 'after-append',
    at: 40,
    situation: 'load',
    main: true,
    means: 'The events are durable, and nobody was told: neither the caller nor the engine.',
  },
  {
    name: 'before-call',
    at: 12,
    situation: 'load',
    means: 'The start of an attempt is durable, and its activity is not called.',
  },
  {
    name: 'after-call',
    at: 12,
    situation: 'load',
    means: 'An activity has returned, and that is not recorded.',
  },
  {
    name: 'after-risky-call',
    at: 2,
    situation: 'load',
    main: true,
    means: 'An activity that must not be called twice has returned, and that is not recorded.',
  },
  {
    name: 'after-start',
    at: 9,
    situation: 'load',
    means: 'An execution is durable, and its caller does not know its id.',
  },
  {
    name: 'after-emit',
    at: 3,
    situation: 'load',
    means: 'An event from outside is durable, and what it triggers is not started.',
  },
  {
    name: 'before-end',
    at: 4,
    situation: 'load',
    means: 'The last step is done, and the end is not stored.',
  },
  {
    name: 'after-end',
    at: 4,
    situation: 'load',
    means: 'The end of an execution is durable, and the engine has not let go of it.',
  },
  {
    name: 'after-load',
    at: 15,
    situation: 'load',
    means: 'Documents are read, and nothing is folded into them.',
  },
  {
    name: 'before-write',
    at: 12,
    situation: 'load',
    means: 'Events are folded, and no document is written.',
  },
  {
    name: 'after-write',
    at: 1,
    situation: 'load',
    means: 'Summaries of executions are written, and the checkpoint still stands before them.',
  },
  {
    name: 'after-count',
    at: 1,
    situation: 'load',
    main: true,
    means: 'Counters are written, and their checkpoint still stands before them.',
  },
  {
    name: 'after-checkpoint',
    // Each view moves one as the server starts, and for each of its workflows that come in at a time of their own.
    at: 3 * PROJECTIONS.length,
    situation: 'load',
    means: 'The checkpoint of one view is moved, and those of others are not.',
  },
  {
    name: 'before-turn-ends',
    at: 20,
    situation: 'load',
    means: 'Some turns of a loop are over, and that one more is, with the start of the next, is not stored.',
  },
  {
    name: 'after-turn-ended',
    at: 20,
    situation: 'load',
    main: true,
    means: 'The end of a turn of a loop and the start of the next are durable, and its step is not called.',
  },
  {
    name: 'before-child-started',
    at: 2,
    situation: 'load',
    means: 'A child is decided on, and nothing of it is stored.',
  },
  {
    name: 'after-child-started',
    at: 2,
    situation: 'load',
    main: true,
    means: 'It is durable that a step has a child, which nobody has begun.',
  },
  {
    name: 'before-child-ended',
    at: 2,
    situation: 'load',
    main: true,
    means: 'A child has ended, and its parent does not know.',
  },
  {
    name: 'after-child-ended',
    at: 2,
    situation: 'load',
    means: 'The parent knows that its child has ended, and nobody was told that.',
  },
  {
    name: 'before-timer-scheduled',
    at: 3,
    situation: 'load',
    means: 'A wait is decided, and its timer is not stored.',
  },
  {
    name: 'after-timer-scheduled',
    at: 3,
    situation: 'load',
    means: 'A timer is durable, and not armed.',
  },
  {
    name: 'timer-due',
    at: 3,
    situation: 'load',
    main: true,
    means: 'A timer was due and fired in memory, and that is not stored.',
  },
  {
    name: 'after-timer-fired',
    at: 3,
    situation: 'load',
    means: 'It is durable that a timer fired, and the step that follows is not called.',
  },
  {
    name: 'before-compensating',
    at: 3,
    situation: 'load',
    means: 'A step has failed for good, and that the run is to be undone is not stored.',
  },
  {
    name: 'after-compensating',
    at: 3,
    situation: 'load',
    means: 'That the run is to be undone is durable, and nothing is undone.',
  },
  {
    name: 'before-compensation-call',
    at: 5,
    situation: 'load',
    means: 'The start of a compensation is durable, and it is not called.',
  },
  {
    name: 'after-compensation-call',
    at: 5,
    situation: 'load',
    main: true,
    means: 'A compensation has returned, and that is not recorded.',
  },
  {
    name: 'after-compensated',
    at: 4,
    situation: 'load',
    means: 'One compensation is durable, and the next one is not called.',
  },
  {
    name: 'during-recovery',
    at: 5,
    situation: 'recovery',
    main: true,
    means: 'Some of the executions that were active are taken up, and others are not.',
  },
  {
    name: 'after-interrupted',
    at: 1,
    situation: 'recovery',
    means: 'That an attempt was interrupted is durable, and what follows from it is not done.',
  },
  {
    name: 'during-drain',
    at: 2,
    situation: 'drain',
    means: 'The server was told to stop, and what running calls came to is only partly stored.',
  },
  {
    name: 'during-rebuild',
    at: 1,
    situation: 'rebuild',
    means: 'Documents of a rebuild are written beside the live ones, and they are not swapped.',
  },
  {
    name: 'after-swap',
    at: 1,
    situation: 'rebuild',
    means: 'The documents of a rebuild are the live ones, and the old ones are not removed.',
  },
  {
    name: 'before-claim',
    at: 2,
    situation: 'claim',
    means: 'Some partitions of a node that was killed are claimed, and the next claim is not stored.',
  },
  {
    name: 'after-claim',
    at: 2,
    situation: 'claim',
    means: 'The claim of a partition is durable, and nothing of it is taken up.',
  },
  {
    name: 'before-release',
    at: 2,
    situation: 'release',
    means: 'A node that stops has released some partitions, and the next release is not stored.',
  },
  {
    name: 'after-release',
    at: 2,
    situation: 'release',
    means: 'A node that stops has released some partitions, and holds others.',
  },
] as const satisfies readonly CrashPoint[];

/** Whether a point is reached only where nodes share a log. */
export const isOfNodes = ({ situation }: CrashPoint): boolean =>
  situation === 'claim' || situation === 'release';

/** The name of a crash point. */
export type PointName = (typeof POINTS)[number]['name'];
