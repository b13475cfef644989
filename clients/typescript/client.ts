import type { TypedDocument } from './typed-document.ts';

/** What the server refuses: `code` is stable, the message is for people. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

/** Asks a server. */
export interface Client {
  /** The answer of a query or a mutation. Rejects with `Refused`. */
  ask<Answer, Variables>(document: TypedDocument<Answer, Variables>, variables: Variables): Promise<Answer>;
  /** What a subscription says, until it is over or nobody reads on. Rejects with `Refused`. */
  follow<Answer, Variables>(
    document: TypedDocument<Answer, Variables>,
    variables: Variables,
  ): AsyncIterable<Answer>;
}

interface Sent<Answer> {
  readonly data?: Answer | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const answerOf = <Answer>({ data, errors: [error] = [] }: Sent<Answer>): Answer => {
  if (error !== undefined) throw new Refused(error.extensions?.code ?? 'UNKNOWN', error.message);
  if (data == null) throw new Refused('UNKNOWN', 'Expected data or an error, but there was neither.');
  return data;
};

/** A client of the server at a URL, such as `http://127.0.0.1:4000/graphql`; `token` is what it knows the caller by. */
export const createClient = (url: string, token?: string): Client => {
  const post = (query: string, variables: unknown, accept: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });

  return {
    ask: async <Answer, Variables>(document: TypedDocument<Answer, Variables>, variables: Variables) => {
      const response = await post(document, variables, 'application/json');
      return answerOf((await response.json()) as Sent<Answer>);
    },
    follow: async function* <Answer, Variables>(
      document: TypedDocument<Answer, Variables>,
      variables: Variables,
    ) {
      const response = await post(document, variables, 'text/event-stream');
      const { body, headers } = response;
      // What is refused before it begins may be told without a stream.
      if (headers.get('content-type')?.startsWith('text/event-stream') !== true)
        answerOf((await response.json()) as Sent<Answer>);
      let text = '';
      for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const messages = `${text}${part}`.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) {
          const [, data = ''] = /^data: ?(.+)$/m.exec(message) ?? [];
          if (data !== '') yield answerOf(JSON.parse(data) as Sent<Answer>);
        }
      }
    },
  };
};
