import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '../ports/logger.ts';

const requests = new AsyncLocalStorage<string>();

/** Does what a request asks for: what is logged of it meanwhile says which one it was. */
export const withinRequest = <T>(id: string | undefined, work: () => T): T =>
  id === undefined ? work() : requests.run(id, work);

/** The id of the request that a context is of. */
export const requestIdIn = (context: unknown): string | undefined =>
  (context as { readonly caller?: { readonly request?: { readonly id?: string } } } | undefined)?.caller
    ?.request?.id;

/** The same logger; lines that a request is answered amid name it, by the id that its answer has as well. */
export const requestLogger = (logger: Logger): Logger => {
  const at =
    (level: keyof Logger): Logger[typeof level] =>
    (fields, message) => {
      const requestId = requests.getStore();
      logger[level](requestId === undefined ? fields : { requestId, ...fields }, message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
