import { createClient, type Client } from './client.ts';
import { FailedSince, type FailedSinceQuery } from './generated.ts';

const DAY = 86_400_000;

type Failed = FailedSinceQuery['executions']['nodes'][number];

/** All executions that failed since a time (RFC 3339), the last one first, page by page. */
export async function* failedSince(client: Client, from: string, waitFor?: string): AsyncGenerator<Failed> {
  for (let after: string | null = null; ;) {
    const answer: FailedSinceQuery = await client.ask(FailedSince, { from, after, waitFor });
    const { nodes, pageInfo } = answer.executions;
    yield* nodes;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

if (import.meta.main) {
  const client = createClient(process.argv[2] ?? 'http://127.0.0.1:4000/graphql');
  for await (const { id, workflow, errorStep, error } of failedSince(
    client,
    new Date(Date.now() - DAY).toISOString(),
  ))
    console.info(`${workflow} ${id} at ${errorStep ?? 'no step'}: ${error?.type}: ${error?.message}`);
}
