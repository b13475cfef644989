import type { Fold } from '../fold.ts';
import type { Rate } from '../rate.ts';
import type { Control } from './control.ts';
import type { RebuildKind } from './notes.ts';

/** What is being done to the documents beside the live ones. */
export type RebuildPhase = 'folding' | 'comparing' | 'swapping';

/** Documents that are folded beside the live ones. */
export interface Shadow {
  readonly kind: RebuildKind;
  readonly fold: Fold;
  readonly control: Control;
  readonly maxShare: number;
  /** When it was asked for, ms since the Unix epoch. */
  readonly begunAt: number;
  phase: RebuildPhase;
  /** Where it stood at `since` (ms since the Unix epoch), for how fast it gets on. */
  from: bigint;
  since: number;
  /** Since then. */
  rate: Rate;
  /** When its last rest ends, ms since the Unix epoch: it belongs to the work before it. */
  restsUntil: number;
  /** It has the indexes that removed documents are found by. */
  findsRemoved: boolean;
  /** Documents of both sides that were compared, and what of the live ones' indexes was looked through. */
  compared: number;
}
