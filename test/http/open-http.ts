import { temporaryFolder } from '../adapters/sqlite/temporary-folder.ts';
import { ask, openServer, type OpenServer } from '../server/open-server.ts';

const REGISTER = 'mutation ($source: String!) { registerWorkflow(source: $source) { workflow definition } }';

/** What a request is answered with. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that requests other than GraphQL's are sent to. */
export interface HttpServerUnderTest extends OpenServer {
  /** Registers the definition whose lines under `execution:` are given; answers its hash. */
  register(yaml: string): Promise<string>;
  send(method: string, path: string, options?: SendOptions): Promise<HttpAnswer>;
}

/** What is sent besides a method and a path. */
export interface SendOptions {
  readonly json?: unknown;
  /** A body as it is, instead of `json`. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

const bodyOf = ({ json, body }: SendOptions): string | Uint8Array<ArrayBuffer> | null =>
  body ?? (json === undefined ? null : JSON.stringify(json));

/** Opens a server on stores of its own, closed with the test. */
export const openHttp = async (
  options: Parameters<typeof openServer>[0] = {},
  env: Readonly<Record<string, string>> = {},
): Promise<HttpServerUnderTest> => {
  const server = await openServer(options, temporaryFolder(), env);
  return {
    ...server,
    register: async (yaml) => {
      const source = `execution:\n${yaml.trim().replaceAll(/^/gm, '  ')}`;
      const { registerWorkflow } = (await ask(server, REGISTER, { source })) as {
        readonly registerWorkflow: { readonly definition: string };
      };
      return registerWorkflow.definition;
    },
    send: async (method, path, sent = {}) => {
      const body = bodyOf(sent);
      const headers = { ...(body === null ? {} : { 'content-type': 'application/json' }), ...sent.headers };
      const request = { method, headers, body };
      const response = await fetch(new URL(path, server.url), request);
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as HttpAnswer['body'],
      };
    },
  };
};
