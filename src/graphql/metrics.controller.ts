import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import type { Metrics } from '../ports/metrics.ts';
import { METRICS } from '../ports/tokens.ts';
import { RouteGuard } from './access/route.guard.ts';

/** Gives its figures to whoever watches over the server. */
@Controller()
@UseGuards(RouteGuard)
export class MetricsController {
  readonly #metrics: Metrics;

  constructor(@Inject(METRICS) metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** In the text format of Prometheus. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  metrics(): Promise<string> {
    return this.#metrics.exposition();
  }
}
