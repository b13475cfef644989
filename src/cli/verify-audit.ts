import { connectApi } from './demo/api.ts';
import { tableOf } from './demo/table.ts';
import { timeOf, urlOf } from './following.ts';

const DAYS = 30;
const DAY = 86_400_000;

const VERIFY = `query ($from: DateTime!, $to: DateTime) {
  verifyAudit(from: $from, to: $to) { stream ok events head problem } }`;

/** What is recorded of a day, as the API tells it. */
export interface ListedAuditDay {
  readonly stream: string;
  readonly ok: boolean;
  readonly events: string;
  readonly head: string | null;
  readonly problem: string | null;
}

/** The days as a table, with the hash of the last commit of each: keep that elsewhere. */
export const auditTable = (days: readonly ListedAuditDay[]): string =>
  tableOf(
    [
      ['day', 'events', 'last commit'],
      ...days.map(({ stream, events, head, problem }) => [stream, events, problem ?? head ?? '']),
    ],
    [1],
  );

/** Verifies the record of who has read what, of the last 30 days unless told otherwise. Exits with 1 when it is not what was written. */
export const verifyAudit = async (values: {
  readonly url?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): Promise<void> => {
  const api = connectApi(urlOf(values.url));
  try {
    const ago = new Date(Date.now() - DAYS * DAY).toISOString();
    const from = values.from === undefined ? ago : timeOf('--from', values.from);
    const to = values.to === undefined ? null : timeOf('--to', values.to);
    const { verifyAudit: days } = await api.query<{ verifyAudit: readonly ListedAuditDay[] }>(VERIFY, {
      from,
      to,
    });
    process.stdout.write(`${auditTable(days)}\n`);
    if (days.some(({ ok }) => !ok)) process.exitCode = 1;
  } finally {
    await api.close();
  }
};
