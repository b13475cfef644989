import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

// Callers that ask for executions at a rate, whatever the server answers: <url> <asked a second> <seconds> <file of answers>.
const [url = '', rate = '', seconds = '', file = ''] = process.argv.slice(2);

/** What the callers were told. */
export interface Answers {
  readonly asked: number;
  /** Ids of the executions that were accepted. */
  readonly accepted: readonly string[];
  /** Answers that were refused, by code; `NO_ANSWER` when there was none. */
  readonly refused: Readonly<Record<string, number>>;
  /** Different values of the header that says when to try again, and of the field that does. */
  readonly retryAfter: readonly unknown[];
}

interface Answer {
  readonly data?: { readonly startExecution: { readonly executionId: string } } | null;
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly retryAfter?: number };
  }[];
}

// What piled up in the server would weigh this much each.
const INPUT = 'x'.repeat(16_384);

const START = `mutation ($key: String!, $input: JSON) {
  startExecution(workflow: "steady", idempotencyKey: $key, input: $input) { executionId }
}`;

const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const accepted: string[] = [];
const refused: Record<string, number> = {};
const retryAfter = new Set<unknown>();
const refuse = (code: string): void => {
  refused[code] = (refused[code] ?? 0) + 1;
};

const ask = (n: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
    asking.on('error', () => {
      // The server has closed a connection that was idle just when it was used again: its client asks once more.
      if (asking.reusedSocket) {
        ask(n).then(resolve, reject);
        return;
      }
      refuse('NO_ANSWER');
      resolve();
    });
    asking.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { data, errors } = JSON.parse(Buffer.concat(chunks).toString()) as Answer;
        if (data != null) accepted.push(data.startExecution.executionId);
        for (const { extensions } of errors ?? []) {
          refuse(extensions.code);
          retryAfter.add(response.headers['retry-after']);
          retryAfter.add(extensions.retryAfter);
        }
        resolve();
      });
    });
    asking.end(JSON.stringify({ query: START, variables: { key: `key-${n}`, input: INPUT } }));
  });

const asked: Promise<void>[] = [];
const began = performance.now();
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const passed = (performance.now() - began) / 1_000;
    while (asked.length < Math.min(passed, Number(seconds)) * Number(rate)) asked.push(ask(asked.length));
    if (passed < Number(seconds)) return;
    clearInterval(timer);
    resolve();
  }, 10);
});
await Promise.all(asked);
agent.destroy();
const answers: Answers = { asked: asked.length, accepted, refused, retryAfter: [...retryAfter] };
writeFileSync(file, JSON.stringify(answers));
