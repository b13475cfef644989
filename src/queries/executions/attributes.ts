import type { SearchValue } from '../../domain/definition/search.ts';
import type { Condition } from '../../ports/read-models.ts';
import {
  attributeTerm,
  prefixSpan,
  tagTerm,
  valueSpan,
  type TermSpan,
} from '../../projections/search-terms.ts';

/** What an attribute is: one of some values, or in a range of one type, or a text that begins somehow. */
export interface AttributeFilter {
  readonly name: string;
  readonly values?: readonly SearchValue[] | undefined;
  readonly from?: SearchValue | undefined;
  readonly before?: SearchValue | undefined;
  readonly prefix?: string | undefined;
}

/** Those with a tag. */
export const tagCondition = (tag: string): Condition => ({
  field: 'terms',
  op: 'has',
  values: [tagTerm(tag)],
});

const within = ({ from, before }: TermSpan): Condition => ({ field: 'terms', op: 'hasWithin', from, before });

/** Those of which an attribute is what a filter says. */
export const attributeConditions = ({
  name,
  values,
  from,
  before,
  prefix,
}: AttributeFilter): readonly Condition[] => [
  ...(values === undefined
    ? []
    : [{ field: 'terms', op: 'has', values: values.map((value) => attributeTerm(name, value)) } as const]),
  ...(from === undefined && before === undefined ? [] : [within(valueSpan(name, from, before))]),
  ...(prefix === undefined ? [] : [within(prefixSpan(name, prefix))]),
];
