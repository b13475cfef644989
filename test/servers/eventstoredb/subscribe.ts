import type { OpenCall } from './calls.ts';
import type { ArmedFaults } from './faults.ts';
import { consumerTooSlow, streamDeleted, unavailable } from './grpc-errors.ts';
import type { Node } from './node.ts';
import { send, type ReadCall } from './outlet.ts';
import { caughtUp, checkpoint, confirmation, eventAnswer } from './read-answers.ts';
import type { ReadRequest } from './read-request.ts';
import { createSource } from './subscription-source.ts';

/** Counts what was delivered since the fault was armed. */
const createSlowness = (faults: ArmedFaults) => {
  let armed: object | undefined;
  let delivered = 0;
  const settings = () => {
    const now = faults.peek('dropSlowConsumer');
    if (now !== armed) delivered = 0;
    armed = now;
    return now;
  };
  return {
    delivered: () => void (settings() && delivered++),
    due: () => delivered >= (settings()?.afterEvents ?? Infinity) && faults.take('dropSlowConsumer'),
  };
};

/** Delivers what there is, then what comes, until the client leaves or a fault ends it. */
export const subscribe = async (
  { log, bell, faults }: Node,
  request: ReadRequest,
  call: ReadCall,
  open: OpenCall,
): Promise<void> => {
  const source = createSource(log, request);
  const slowness = createSlowness(faults);
  let live = false;

  const speak = async (answer: Buffer): Promise<void> => {
    if (faults.silent()) faults.silenced();
    await bell.until(() => open.closed || !faults.silent());
    await send(call, open, answer);
  };

  await speak(confirmation());
  while (!open.closed) {
    if (slowness.due()) throw consumerTooSlow();
    if (live && faults.take('failSubscription')) throw unavailable();
    const found = source.next(live);
    switch (found.kind) {
      case 'event':
        if (found.event.type === '$streamDeleted' && request.stream !== undefined) {
          throw streamDeleted(request.stream);
        }
        await speak(eventAnswer(found.event));
        slowness.delivered();
        break;
      case 'checkpoint':
        await speak(checkpoint(found.position));
        break;
      case 'end':
        if (live || !source.exists()) {
          await bell.next();
        } else {
          live = true;
          await speak(caughtUp());
        }
        break;
    }
  }
};
