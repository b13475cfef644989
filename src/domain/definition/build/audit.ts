import type { Json } from '../../json.ts';
import { RECORDED_READS, type RecordedReads } from '../audit.ts';
import { field } from './fields.ts';

/** Which reads are recorded; `undefined` where nothing is said. */
export const buildRecordedReads = (audit: Json | undefined): RecordedReads | undefined => {
  const reads = field(audit, 'reads');
  return RECORDED_READS.find((known) => known === reads);
};
