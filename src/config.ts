import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { readAccess, type AccessConfig } from './access-config.ts';
import { parseCores } from './domain/cores.ts';
import { parseDuration } from './domain/duration.ts';
import { MOST } from './domain/flow/resources.ts';
import { parseSize } from './domain/size.ts';
import type { GraphqlLimits } from './graphql/driver/limits.ts';
import { readLimits } from './limits-config.ts';

/** What the server is told by its environment: parsed once, every default here. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Whom it takes requests from, and as whom. */
  readonly access: AccessConfig;
  /** What one client may ask of it. */
  readonly limits: GraphqlLimits;
  /** Folder of the embedded stores. */
  readonly data: string;
  /** Set: the log is EventStoreDB (or KurrentDB) there; otherwise SQLite in `data`. */
  readonly eventStoreUrl: string | undefined;
  /** Set: the read models are in MongoDB there; otherwise in SQLite in `data`. */
  readonly mongoUrl: string | undefined;
  /** Folder of definitions registered at start. */
  readonly workflows: string | undefined;
  /** Folder of activity modules loaded at start. */
  readonly activities: string | undefined;
  /** The most bytes of one event's payload. */
  readonly maxPayload: number;
  /** The most commands that start work and are under way, and the most executions that are worked on at once. */
  readonly maxPending: number;
  /** Milliseconds that views may be behind when an execution begins; executions wait for no view without it. */
  readonly viewsBehind: number | undefined;
  /** Milliseconds between two looks at what is kept no longer; nothing is removed by itself without it. */
  readonly retention: number | undefined;
  /** Folder of archives. */
  readonly archives: string;
  /** File of the only documents of the API that are carried out; any are without it. */
  readonly operations: string | undefined;
  /** File of recorders that are given every event. */
  readonly recorders: string | undefined;
  readonly logLevel: LogLevel;
  /** Name of this node, unlike that of any other on the same log. */
  readonly node: string;
  /** How many partitions executions are spread over on a log that is shared; the same on all nodes. */
  readonly partitions: number;
  /** File of whom the server can tell of something; none when there is none. */
  readonly recipients: string | undefined;
  /** Server that takes e-mail, with user and password if it wants them; and whom it is from. */
  readonly smtpUrl: string | undefined;
  readonly smtpFrom: string;
  /** Milliseconds that one attempt to tell somebody may take. */
  readonly notifyTimeout: number;
  /** Milliseconds that a node may be silent until others take its partitions. */
  readonly lease: number;
  /** Thousandths of a core, and MiB, that the calls which it makes may reserve at once. */
  readonly cpu: number;
  readonly memory: number;
}

/** How much the server's own log says. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** One or more variables of the environment cannot be used; the message lists them all. */
export class ConfigError extends Error {
  readonly code = 'INVALID_CONFIG';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const nameOfThisProcess = (): string => `${hostname()}-${randomBytes(3).toString('hex')}`;

const MIB = 2 ** 20;

/** MiB that are there for sure. */
const wholeMebibytes = (bytes: number): number => Math.min(MOST, Math.floor(bytes / MIB));

const mebibytesOf = (size: string): number | undefined => {
  const bytes = parseSize(size);
  return bytes === undefined ? undefined : wholeMebibytes(bytes);
};

/** MiB of this machine, or of the container that limits it. */
const memoryOfThisMachine = (): number =>
  wholeMebibytes(Math.min(totalmem(), process.constrainedMemory() || Infinity));

const schemeOf = (text: string): string => /^([^:/]+):\/\//.exec(text)?.[1] ?? '';

// A list of hosts with ports is no URL to the platform.
const namesHosts = (text: string): boolean => /^[^:/]+:\/\/(?:[^@/?]*@)?[^@/?]+(?:[/?]|$)/.test(text);

/** Reads the configuration. Throws `ConfigError` with every variable that is wrong. */
export const readConfig = (env: Environment): Config => {
  const problems: string[] = [];
  const refuse = <T>(name: string, expected: string, fallback: T): T => {
    problems.push(`${name}: expected ${expected}, but found ${JSON.stringify(env[name])}.`);
    return fallback;
  };
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const found = text(name);
    if (found === undefined) return fallback;
    const value = Number(found);
    if (/^\d+$/.test(found) && value >= min && value <= max) return value;
    return refuse(name, `a whole number from ${min} to ${max}`, fallback);
  };
  // What stands there may be a secret or hold a password, so that it is never shown.
  const hide = (name: string, expected: string): void =>
    void problems.push(`${name}: expected ${expected}, but found another value.`);
  const url = (name: string, schemes: readonly string[], isUrl?: (text: string) => boolean) => {
    const found = text(name);
    if (found === undefined) return undefined;
    if (schemes.includes(schemeOf(found)) && namesHosts(found) && (isUrl?.(found) ?? true)) return found;
    const expected = schemes.map((scheme) => `${scheme}://`).join(' or ');
    hide(name, `a URL of a host that begins with ${expected}`);
    return undefined;
  };
  const amount = (
    name: string,
    expected: string,
    parse: (text: string) => number | undefined,
    fallback: number,
  ): number => {
    const found = text(name);
    if (found === undefined) return fallback;
    const value = parse(found) ?? 0;
    return value > 0 ? value : refuse(name, expected, fallback);
  };
  const level = (name: string): LogLevel => {
    const found = text(name);
    if (found === undefined) return 'info';
    return (
      LOG_LEVELS.find((known) => known === found) ?? refuse(name, `one of ${LOG_LEVELS.join(', ')}`, 'info')
    );
  };
  const duration = (name: string, fallback: string, min: string, max: string): number => {
    const of = (text: string): number => parseDuration(text) ?? Number.NaN;
    const found = of(text(name) ?? fallback);
    if (found >= of(min) && found <= of(max)) return found;
    return refuse(name, `a duration from ${min} to ${max}`, of(fallback));
  };
  const durationIfSet = (name: string, min: string, max: string): number | undefined =>
    text(name) === undefined ? undefined : duration(name, min, min, max);
  const data = text('SAGALOG_DATA') ?? './data';
  const host = text('HOST') ?? '127.0.0.1';
  const eventStoreUrl = url('EVENTSTORE_URL', ['esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover']);
  const config: Config = Object.freeze({
    port: whole('PORT', 4000, 0, 65_535),
    host,
    access: readAccess(
      { text, duration, hide, refuse: (name, expected) => refuse(name, expected, undefined) },
      host,
    ),
    limits: readLimits(text('SAGALOG_LIMITS'), (problem) => void problems.push(`SAGALOG_LIMITS: ${problem}`)),
    data,
    eventStoreUrl,
    mongoUrl: url('MONGODB_URL', ['mongodb', 'mongodb+srv']),
    workflows: text('SAGALOG_WORKFLOWS'),
    activities: text('SAGALOG_ACTIVITIES'),
    maxPayload: whole('SAGALOG_MAX_PAYLOAD', 524_288, 1_024, 1_000_000),
    maxPending: whole('SAGALOG_MAX_PENDING', 10_000, 1, 1_000_000),
    viewsBehind: durationIfSet('SAGALOG_VIEWS_BEHIND', '1ms', '10s'),
    retention: durationIfSet('SAGALOG_RETENTION', '1s', '24d'),
    archives: text('SAGALOG_ARCHIVES') ?? `${data}/archives`,
    operations: text('SAGALOG_OPERATIONS'),
    recorders: text('SAGALOG_RECORDERS'),
    logLevel: level('SAGALOG_LOG'),
    node: text('SAGALOG_NODE') ?? (eventStoreUrl === undefined ? 'local' : nameOfThisProcess()),
    partitions: whole('SAGALOG_PARTITIONS', 16, 1, 1_024),
    recipients: text('SAGALOG_RECIPIENTS'),
    smtpUrl: url('SAGALOG_SMTP_URL', ['smtp', 'smtps'], URL.canParse),
    smtpFrom: text('SAGALOG_SMTP_FROM') ?? 'sagalog@localhost',
    notifyTimeout: duration('SAGALOG_NOTIFY_TIMEOUT', '10s', '100ms', '5m'),
    lease: duration('SAGALOG_LEASE', '15s', '500ms', '10m'),
    cpu: amount(
      'SAGALOG_CPU',
      'a number of cores such as 2, 0.5 or 500m',
      parseCores,
      availableParallelism() * 1_000,
    ),
    memory: amount('SAGALOG_MEMORY', 'a size such as 512Mi or 2Gi', mebibytesOf, memoryOfThisMachine()),
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
};
