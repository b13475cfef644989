import type { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../commands/caller.ts';
import { EmitEvent, type StartedExecution } from '../commands/commands.ts';
import { Rejection } from '../domain/rejection.ts';
import type { Json } from '../domain/json.ts';
import { apiError } from '../graphql/errors/api-error.ts';
import { notAllowed, type Endpoint } from './exchange.ts';

const PREFIX = '/events/';
const NAME = /^[A-Za-z][A-Za-z0-9_.:-]{0,199}$/;

const typeOf = (text: string): string => {
  if (text.includes('/'))
    throw apiError('NOT_FOUND', 'Expected /events/<type>, but there is more behind it.');
  const type = unescaped(text);
  if (NAME.test(type)) return type;
  throw new Rejection(
    'BAD_USER_INPUT',
    `Expected a type of at most 200 letters, digits and _ . : - that begins with a letter, but found ${JSON.stringify(type.slice(0, 100))}.`,
    { field: 'type', found: type.slice(0, 100) },
  );
};

/** What is encoded wrongly is no name either. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** An execution that was started, as JSON. */
export const startedJson = ({ executionId, created, position }: StartedExecution) => ({
  executionId,
  created,
  position: String(position),
});

/** `POST /events/<type>`: accepts an event whose payload is the body. */
export const webhookEndpoint =
  (commands: CommandBus): Endpoint =>
  async ({ method, path, idempotencyKey, body }) => {
    if (!path.startsWith(PREFIX)) return undefined;
    if (method !== 'POST') throw notAllowed('POST', method);
    const type = typeOf(path.slice(PREFIX.length));
    const run = async (caller: Caller) => {
      const emitted = await commands.execute(new EmitEvent(type, await body(), idempotencyKey, caller));
      const { eventId, executions, skipped, gathered, position } = emitted;
      const answer: Json = {
        eventId,
        executions: executions.map(startedJson),
        skipped: skipped.map((one) => ({ ...one })),
        gathered: gathered.map(({ dueAt, ...one }) => ({ ...one, dueAt: new Date(dueAt).toISOString() })),
        position: String(position),
      };
      return { status: 202, body: answer };
    };
    return { route: 'POST /events/<type>', run };
  };
