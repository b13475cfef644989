import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Ids } from '../ports/ids.ts';

/** The header that says what a request is known by, of requests and of their answers. */
export const REQUEST_ID = 'X-Request-Id';

/** A request, as far as it is recorded. */
export interface Incoming {
  readonly id: string;
  /** Where it came from, as far as proxies are believed; `undefined` when its connection is gone. */
  readonly address: string | undefined;
}

/** What is known of requests. */
export interface Requests {
  /** The same for a request as often as it is asked; each operation of a socket is a request of its own. */
  of(request: IncomingMessage): Incoming;
}

type Believed = (address: string | undefined) => boolean;

const KNOWN = /^[A-Za-z0-9._:+/=-]{1,128}$/;
const LONGEST = 1_000;

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** The address of `10.0.0.7:4711` and `[fd00::7]:4711`, too, which some proxies write; `undefined` for what is none. */
const addressIn = (text: string): string | undefined => {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(text) ?? [];
  const address = plain(bracketed ?? dotted ?? text);
  return isIP(address) === 0 ? undefined : address;
};

/** Where a request came from: the last one before the proxies that are believed, as they say in `X-Forwarded-For`. */
export const addressOf = ({ headers, socket }: IncomingMessage, isProxy: Believed): string | undefined => {
  const { remoteAddress } = socket;
  const said = String(headers['x-forwarded-for'] ?? '').split(',');
  let address = remoteAddress === undefined ? undefined : plain(remoteAddress);
  while (isProxy(address)) {
    const before = addressIn(said.pop()?.trim() ?? '');
    // Nobody is behind what cannot be read.
    if (before === undefined) break;
    address = before;
  }
  return address;
};

/** Why somebody asks for something, as the header `X-Workflow-Reason` says. */
export const reasonIn = ({ 'x-workflow-reason': reason }: IncomingHttpHeaders): string | undefined =>
  typeof reason === 'string' && reason !== '' ? reason.slice(0, LONGEST) : undefined;

/** Knows requests by the id that they bring, so that it is found in every log on the way, or else by one of its own. */
export const createRequests = (ids: Ids, isProxy: Believed = () => false): Requests => {
  const known = new WeakMap<IncomingMessage, Incoming>();
  const read = (request: IncomingMessage, said: string | string[] | undefined): Incoming => ({
    id: typeof said === 'string' && KNOWN.test(said) ? said : ids.next(),
    address: addressOf(request, isProxy),
  });
  return {
    of: (request) => {
      const { upgrade, 'x-request-id': said } = request.headers;
      if (upgrade !== undefined) return read(request, undefined);
      const found = known.get(request) ?? read(request, said);
      known.set(request, found);
      return found;
    },
  };
};
