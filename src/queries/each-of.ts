import { Rejection } from '../domain/rejection.ts';
import { inOneLook } from './in-one-look.ts';
import type { Views } from './views.ts';

/** An answer for each of several that were asked about, or why it is refused. */
export type EachOf<T> = ReadonlyMap<string, T | Rejection>;

/** Answers for each of several ids by views that are looked at for all of them at once. Rejects with what is no `Rejection`. */
export const eachOf = async <T>(
  views: Views,
  ids: readonly string[],
  answer: (views: Views, id: string) => Promise<T>,
): Promise<EachOf<T>> => {
  const looked = inOneLook(views);
  const answered = async (id: string): Promise<T | Rejection> => {
    try {
      return await answer(looked, id);
    } catch (error) {
      if (error instanceof Rejection) return error;
      throw error;
    }
  };
  return new Map(await Promise.all([...new Set(ids)].map(async (id) => [id, await answered(id)] as const)));
};
