import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '../ports/event-log.ts';
import { EVENT_LOG, PROJECTOR } from '../ports/tokens.ts';
import { readParked, type ParkedEvent } from '../projections/parked.ts';
import type { Projector } from '../projections/projector.ts';
import { projectionNotFound } from '../projections/projection-not-found.ts';
import { GetParkedEvents } from './parked-events.ts';

/** Answers with what is parked for a projection, as the log has it. */
@QueryHandler(GetParkedEvents)
export class GetParkedEventsHandler implements IQueryHandler<GetParkedEvents> {
  readonly #log: EventLog;
  readonly #projector: Projector;

  constructor(@Inject(EVENT_LOG) log: EventLog, @Inject(PROJECTOR) projector: Projector) {
    this.#log = log;
    this.#projector = projector;
  }

  async execute({ projection }: GetParkedEvents): Promise<readonly ParkedEvent[]> {
    const names = (await this.#projector.status()).map(({ name }) => name);
    if (!names.includes(projection)) throw projectionNotFound(projection, names);
    return readParked(this.#log, projection);
  }
}
