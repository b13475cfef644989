import type { Step } from '../definition.ts';
import type { Place } from '../expression/check-names.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import type { NestedList } from './nested.ts';

/** What every kind of step has. */
export type Base = Pick<Step, 'name' | 'label' | 'when' | 'next' | 'maxVisits' | 'output' | 'fallback'>;

/** A step as it is written, with what is known of its place. */
export interface Written {
  readonly kind: Step['kind'];
  readonly base: Base;
  readonly step: JsonObject;
  /** What stands under the field that names its kind. */
  readonly value: Json | undefined;
  readonly path: Path;
  readonly place: Place;
  readonly report: Report;
  /** Steps that have ended at the end of a list in it, besides those before it. */
  readonly endedIn: (list: NestedList | undefined) => readonly string[];
}
