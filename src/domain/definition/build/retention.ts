import type { Json } from '../../json.ts';
import type { Path, Report } from '../report.ts';
import type { Retention } from '../retention.ts';
import { asText, field } from './fields.ts';
import { buildLimit } from './timeouts.ts';

/** How long executions are kept after they have ended; `undefined` where nothing is said. A duration alone is that. */
export const buildRetention = (
  retention: Json | undefined,
  path: Path,
  report: Report,
): Retention | undefined => {
  const isShort = asText(retention) !== undefined;
  const written = isShort ? retention : field(retention, 'after');
  const after = buildLimit(written, isShort ? path : [...path, 'after'], report);
  return after === undefined ? undefined : { after, archives: field(retention, 'archive') !== false };
};
