import { fork, type ChildProcess } from 'node:child_process';
import type { Json } from '../../domain/json.ts';
import type { ActivityContext } from '../../ports/activities.ts';
import { ProcessEnded, ResourceExceeded } from './errors.ts';
import type { FromProcess, Thrown, ToProcess } from './messages.ts';
import { watchMemory } from './watch-memory.ts';

/** An activity that a file exports, and the most bytes of memory that the process around it may take. */
export interface Isolated {
  readonly module: string;
  readonly activity: string;
  readonly memory: number | undefined;
}

const CHILD = new URL(
  import.meta.url.endsWith('.ts') ? './isolated.child.ts' : './isolated.child.js',
  import.meta.url,
);
/** Milliseconds that an activity has for an end of its own once it was aborted. */
const GRACE = 1_000;
const MIB = 1_048_576;
const OUT_OF_MEMORY = /heap out of memory|Fatal process out of memory/;
const OF_THIS_PROCESS = /^--(inspect|cpu-prof|heap-prof|max-old-space-size)/;

/**
 * Runs an activity in a process of its own, which ends with it. Resolves with what it returns; rejects with what it
 * throws, with `ResourceExceeded` when the process took more memory than it may, and with `ProcessEnded` when it
 * ended otherwise. An aborted one has a second to end, then it is killed.
 */
export const runIsolated = (
  { module, activity, memory }: Isolated,
  { signal, heartbeat, logger, ...context }: ActivityContext,
  input: Json,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = fork(CHILD, [], {
      execArgv: argumentsFor(memory),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const said = lastWords(child);
    const exceeded = (used?: number): void => {
      reject(new ResourceExceeded(activity, memory ?? 0, used));
      child.kill('SIGKILL');
    };
    const stopWatching = memory === undefined ? undefined : watchMemory(child, memory, exceeded);
    const beat = (progress: string | undefined): void => {
      try {
        heartbeat(progress === undefined ? undefined : JSON.parse(progress));
      } catch (error) {
        // What it said is not taken, which it cannot be told where it said so.
        reject(error);
        child.kill('SIGKILL');
      }
    };
    let late: NodeJS.Timeout | undefined;
    const abort = (): void => {
      const { name, message } = signal.reason as DOMException;
      tell(child, { kind: 'abort', name, why: message });
      late = setTimeout(() => child.kill('SIGKILL'), GRACE);
    };

    child.on('message', (message: FromProcess) => {
      if (message.kind === 'log') logger[message.level](...message.line);
      else if (message.kind === 'heartbeat') beat(message.progress);
      else if (message.kind === 'returned') resolve(message.value);
      else reject(errorOf(message.error));
    });
    child.once('error', reject);
    child.once('close', (code, ended) => {
      stopWatching?.();
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
      if (memory !== undefined && OUT_OF_MEMORY.test(said())) return exceeded();
      reject(new ProcessEnded(activity, code, ended));
    });
    signal.addEventListener('abort', abort);
    tell(child, { kind: 'run', module, activity, context, input });
    if (signal.aborted) abort();
  });

/** As this process was started, so that both read the same modules; V8 gives up before the whole limit is heap. */
const argumentsFor = (memory: number | undefined): string[] => [
  ...process.execArgv.filter((argument) => !OF_THIS_PROCESS.test(argument)),
  ...(memory === undefined ? [] : [`--max-old-space-size=${Math.max(1, Math.floor(memory / MIB))}`]),
];

// A process that has ended takes no message; its end is told by its own event.
const tell = (child: ChildProcess, message: ToProcess): void => {
  if (child.connected) child.send(message, () => undefined);
};

const LONGEST = 4_096;

/** Hands what the process writes to stderr on, and keeps the end of it. */
const lastWords = ({ stderr }: ChildProcess): (() => string) => {
  let said = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LONGEST);
    process.stderr.write(text);
  });
  return () => said;
};

const errorOf = ({ message, ...fields }: Thrown): Error => Object.assign(new Error(String(message)), fields);
