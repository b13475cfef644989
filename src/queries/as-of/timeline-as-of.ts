import type { StoredDocument } from '../../ports/read-models.ts';
import type { TimelineDocument } from '../../projections/timeline-document.ts';
import { pageOf, placeOf, type Page, type PageRequest, type Place } from '../page.ts';
import type { Views } from '../views.ts';
import type { Histories } from './histories.ts';
import type { Moment } from './moment.ts';

type Entry = StoredDocument<TimelineDocument>;

const placeIn = ({ key, doc }: Entry): Place => ({ values: [doc.sequence], key });

/** Entries of breakers are the only ones that come of other streams; each is one event. */
const wasThere = ({ position, doc }: Entry, moment: Moment): boolean =>
  doc.kind !== 'breaker' || moment.has(position, doc.startedAt);

/** Entries that had begun by then, as the view has them now. */
const begunBy = async (
  views: Views,
  id: string,
  moment: Moment,
  after: Place | undefined,
  limit: number,
): Promise<readonly Entry[]> => {
  const begun: Entry[] = [];
  let behind = after;
  for (;;) {
    const wanted = limit - begun.length;
    const page = await views.find<TimelineDocument>('timeline', {
      where: [
        { field: 'executionId', op: 'eq', value: id },
        { field: 'sequence', op: 'lte', value: moment.revision },
      ],
      orderBy: [{ field: 'sequence', direction: 'asc' }],
      limit: wanted,
      ...(behind === undefined ? {} : { after: behind }),
    });
    begun.push(...page.filter((entry) => wasThere(entry, moment)));
    const last = page.at(-1);
    if (last === undefined || page.length < wanted || begun.length === limit) return begun;
    behind = placeIn(last);
  }
};

/**
 * A page of an execution's timeline as it was. What has not changed since is in the view as it was, and says so by its
 * position; everything else is folded again up to there. Rejects with `Rejection` (`BAD_USER_INPUT`, `WAIT_TIMEOUT`).
 */
export const timelineAsOf = async (
  views: Views,
  histories: Histories,
  id: string,
  moment: Moment,
  { first, after }: PageRequest,
): Promise<Page<Entry>> => {
  const name = `timeline:${id}:${moment.revision}`;
  const place = after === undefined ? undefined : placeOf(name, after, 1);
  await views.reflect(moment.position, 'timeline');
  const begun = await begunBy(views, id, moment, place, first + 1);
  const changed = begun
    .slice(0, first)
    .filter(({ doc, position }) => doc.kind !== 'breaker' && position > moment.position);
  if (changed.length === 0) return pageOf(begun, first, name, placeIn);
  const keys = new Map(changed.map(({ key, doc }) => [key, doc.sequence]));
  const { entries } = await histories.pastOf(id, moment.revision, { entries: keys });
  const asTheyWere = begun.map((entry) => (keys.has(entry.key) ? (entries.get(entry.key) ?? entry) : entry));
  return pageOf(asTheyWere, first, name, placeIn);
};
