import type { DocumentQuery, StoredDocument } from '../ports/read-models.ts';
import { atOneTime } from './at-one-time.ts';
import { allBy, type ViewName, type Views } from './views.ts';

/** The same views, for whoever asks for much at the same time: that is one look at each of them, and one wait. */
export const inOneLook = (views: Views): Views => {
  const reflected = new Map<string, Promise<void>>();
  const ask = atOneTime<ViewName>((view, queries) => views.findEach<unknown>(view, queries));

  const find: Views['find'] = async <D>(view: ViewName, query: DocumentQuery) =>
    (await ask(view, query)) as readonly StoredDocument<D>[];

  return {
    ...views,
    find,
    all: allBy(find),
    reflect: (position, ...names) => {
      const key = [position, ...names].join();
      const known = reflected.get(key) ?? views.reflect(position, ...names);
      reflected.set(key, known);
      return known;
    },
  };
};
