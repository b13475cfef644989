import type { Notifier } from '../../src/ports/notifier.ts';

/** A notifier that takes everything and was told of nobody. */
export const SILENT_NOTIFIER: Notifier = { directory: undefined, send: () => Promise.resolve() };
