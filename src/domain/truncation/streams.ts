import { streamOf } from '../stream.ts';

/** The stream that says which batches there are: one for all workflows, so that it can be read at once. */
export const TRUNCATIONS = streamOf('truncation', 'batches');

/** The stream that has what happened in a batch, in brief. */
export const condensedStream = (batch: number): string => streamOf('truncation', String(batch));
