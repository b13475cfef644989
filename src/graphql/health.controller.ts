import { Controller, Get, Inject, ServiceUnavailableException, UseGuards } from '@nestjs/common';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { ThreadStatus } from '../ports/threads.ts';
import { CLOCK, EVENT_LOG, PROJECTOR, READ_MODELS } from '../ports/tokens.ts';
import type { ProjectionStatus, Projector } from '../projections/projector.ts';
import { RouteGuard } from './access/route.guard.ts';
import { GRAPHQL_OPTIONS, type GraphqlOptions } from './options.ts';

/** What a part of the server says of itself. */
export interface PartHealth {
  readonly ok: boolean;
  /** What is missing. */
  readonly problem?: string;
}

/** Whether the server can be given work. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<
    Record<'start' | 'keys' | 'log' | 'readModels' | 'projections' | 'threads', PartHealth>
  >;
}

/** Milliseconds that a part may take to say that it is there. */
const PATIENCE = 2_000;
/** Seconds that views may be behind. */
const BEHIND = 60;

const OK: PartHealth = { ok: true };

const problemOf = ({ name, state, lagSeconds, lastError }: ProjectionStatus): string | undefined => {
  if (state === 'stopped' || state === 'waiting')
    return `${name} is ${state}: ${lastError?.message ?? 'no reason known'}`;
  return lagSeconds !== null && lagSeconds > BEHIND
    ? `${name} is ${Math.round(lagSeconds)} s behind`
    : undefined;
};

const endOf = ({ name, failure }: ThreadStatus): string | undefined =>
  failure && `${name} has ended, and is started again: ${failure.message}`;

const healthOf = (problems: readonly (string | undefined)[]): PartHealth => {
  const found = problems.filter((problem) => problem !== undefined);
  return found.length === 0 ? OK : { ok: false, problem: found.join('; ') };
};

/** Tells whoever runs the server how it is. */
@Controller()
@UseGuards(RouteGuard)
export class HealthController {
  readonly #log: EventLog;
  readonly #readModels: ReadModels;
  readonly #projector: Projector;
  readonly #clock: Clock;
  readonly #options: GraphqlOptions;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(READ_MODELS) readModels: ReadModels,
    @Inject(PROJECTOR) projector: Projector,
    @Inject(CLOCK) clock: Clock,
    @Inject(GRAPHQL_OPTIONS) options: GraphqlOptions,
  ) {
    this.#log = log;
    this.#readModels = readModels;
    this.#projector = projector;
    this.#clock = clock;
    this.#options = options;
  }

  /** The process is alive. */
  @Get('healthz')
  healthz(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** Whether everything that the server needs is there; 503 with what is missing when it is not. */
  @Get('readyz')
  async readyz(): Promise<Readiness> {
    const [log, readModels, projections] = await Promise.all([
      this.#ask(async () => {
        await this.#log.ping();
        return OK;
      }),
      this.#ask(async () => {
        await this.#readModels.ping();
        return OK;
      }),
      this.#ask(async () => {
        return healthOf((await this.#projector.status()).map(problemOf));
      }),
    ]);
    const started = this.#options.started?.() ?? true;
    const start = started ? OK : { ok: false, problem: 'the server is still starting' };
    // It would let in whoever has a key that was revoked, and so lets in nobody by a key.
    const keys =
      (this.#options.knowsKeys?.() ?? true)
        ? OK
        : { ok: false, problem: 'the log cannot be followed, so no keys are taken' };
    const threads = healthOf((this.#options.threads?.() ?? []).map(endOf));
    const parts = { start, keys, log, readModels, projections, threads };
    const readiness = { ready: Object.values(parts).every(({ ok }) => ok), parts };
    if (!readiness.ready) throw new ServiceUnavailableException(readiness);
    return readiness;
  }

  async #ask(question: () => Promise<PartHealth>): Promise<PartHealth> {
    const { promise, resolve } = Promise.withResolvers<PartHealth>();
    const timer = this.#clock.after(PATIENCE, () =>
      resolve({ ok: false, problem: `no answer within ${PATIENCE} ms` }),
    );
    const answer = question().catch((error: unknown) => ({
      ok: false,
      problem: error instanceof Error ? error.message : String(error),
    }));
    try {
      return await Promise.race([answer, promise]);
    } finally {
      timer.cancel();
    }
  }
}
