import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Answer } from './sample-server.ts';

/** What is sent with a document. */
export interface StreamOptions {
  readonly variables?: object;
  readonly headers?: object;
  readonly extensions?: object;
}

/** Opens an event stream; nothing of it is read until somebody does. It ends with the test. */
export const openStream = async (
  url: string,
  query: string,
  { variables = {}, headers: more = {}, extensions }: StreamOptions = {},
): Promise<IncomingMessage> => {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...more };
  const sent = request(url, { method: 'POST', headers, agent: false });
  onTestFinished(() => void sent.destroy());
  sent.end(JSON.stringify({ query, variables, extensions }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
};

/** The answers of an event stream, as they come. */
export const answersOf = async function* (response: IncomingMessage): AsyncGenerator<Answer, void> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += chunk as string;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const json = /^data: (\{.+\})$/m.exec(frame)?.[1];
      if (json !== undefined) yield JSON.parse(json) as Answer;
    }
  }
};
