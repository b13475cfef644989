import type { DocumentQuery, Look, StoredDocument } from '../ports/read-models.ts';
import { atOneTime } from './at-one-time.ts';
import { allBy, pagesBy, type LookedIn, type ViewName, type Views } from './views.ts';

/** The same views, for whoever asks for much at the same time: that is one look at each of them, and one wait. */
export const inOneLook = (views: Views): Views => {
  const reflected = new Map<string, Promise<void>>();
  const ask = atOneTime((view: ViewName, queries: readonly DocumentQuery[]) =>
    views.findEach<unknown>(view, queries),
  );
  const askLook = atOneTime((view: ViewName, looks: readonly Look[]) => views.lookEach<unknown>(view, looks));

  const find: Views['find'] = async <D>(view: ViewName, query: DocumentQuery) =>
    (await ask(view, query)) as readonly StoredDocument<D>[];

  const pages = pagesBy(find);

  return {
    ...views,
    find,
    look: async <D>(view: ViewName, look: Look) => (await askLook(view, look)) as LookedIn<D>,
    pages,
    all: allBy(pages),
    reflect: (position, ...names) => {
      const key = [position, ...names].join();
      const known = reflected.get(key) ?? views.reflect(position, ...names);
      reflected.set(key, known);
      return known;
    },
  };
};
