import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DecideApprovalHandler } from './commands/decide-approval.handler.ts';
import { ChangeScheduleHandler } from './commands/change-schedule.handler.ts';
import { ChangeWorkflowHandler } from './commands/change-workflow.handler.ts';
import { EmitEventHandler } from './commands/emit-event.handler.ts';
import { ImportArchiveHandler } from './commands/import-archive.handler.ts';
import { MigrateExecutionHandler } from './commands/migrate-execution.handler.ts';
import { CancelExecutionHandler } from './commands/cancel-execution.handler.ts';
import { OperateExecutionHandler } from './commands/operate-execution.handler.ts';
import { ParkEventHandler } from './commands/park-event.handler.ts';
import { RegisterWorkflowHandler } from './commands/register-workflow.handler.ts';
import { ResendNotificationHandler } from './commands/resend-notification.handler.ts';
import { RetainHandler } from './commands/retain.handler.ts';
import { SignalExecutionHandler } from './commands/signal-execution.handler.ts';
import { StartExecutionHandler } from './commands/start-execution.handler.ts';
import { CreateApiKeyHandler } from './commands/create-api-key.handler.ts';
import { RevokeApiKeyHandler } from './commands/revoke-api-key.handler.ts';
import { TruncateStreamsHandler } from './commands/truncate-streams.handler.ts';
import { among } from './access-config.ts';
import { openAuthenticator } from './authenticator.ts';
import { countedAuthenticator } from './counted-authenticator.ts';
import type { Core } from './create-core.ts';
import { GraphqlModule } from './graphql/graphql.module.ts';
import type { GraphqlOptions } from './graphql/options.ts';
import { readWhileWaiting, viewsWhileWaiting } from './graphql/patience.ts';
import { aloneNode } from './engine/alone-node.ts';
import { keyIdentities } from './key-identities.ts';
import { HttpModule } from './http/http.module.ts';
import type { Authenticator } from './ports/authenticator.ts';
import type { Metrics } from './ports/metrics.ts';
import * as tokens from './ports/tokens.ts';

const HANDLERS: readonly Provider[] = [
  RegisterWorkflowHandler,
  ChangeWorkflowHandler,
  ChangeScheduleHandler,
  StartExecutionHandler,
  EmitEventHandler,
  SignalExecutionHandler,
  DecideApprovalHandler,
  OperateExecutionHandler,
  CancelExecutionHandler,
  MigrateExecutionHandler,
  ResendNotificationHandler,
  ParkEventHandler,
  RetainHandler,
  TruncateStreamsHandler,
  ImportArchiveHandler,
  CreateApiKeyHandler,
  RevokeApiKeyHandler,
];

/** The parts of the core, to be injected by their tokens. */
@Global()
@Module({})
export class CoreModule {
  static of(core: Core, metrics?: Metrics): DynamicModule {
    const identifyKey = keyIdentities(core.apiKeys, core.keyUses, core.clock);
    const openCounted = async (): Promise<Authenticator> =>
      countedAuthenticator(await openAuthenticator(core.config.access, core.clock, identifyKey), metrics);
    const parts: readonly (readonly [symbol, unknown])[] = [
      [tokens.CONFIG, core.config],
      [tokens.LOGGER, core.logger],
      [tokens.CLOCK, core.clock],
      [tokens.IDS, core.ids],
      [tokens.EVENT_LOG, readWhileWaiting(core.log)],
      [tokens.READ_MODELS, viewsWhileWaiting(core.readModels)],
      [tokens.PROJECTOR, core.projector],
      [tokens.ACTIVITIES, core.activities],
      [tokens.NOTIFIER, core.notifier],
      [tokens.DELIVERIES, core.deliveries],
      [tokens.DEFINITIONS, core.definitions],
      [tokens.ADMISSION, core.admission],
      [tokens.EMISSIONS, core.emissions],
      [tokens.PARKING, core.parking],
      [tokens.RETAINER, core.retainer],
      [tokens.READS, core.reads],
      [tokens.REFUSALS, core.refusals],
      [tokens.SCHEDULES, core.schedules],
      [tokens.NODES, core.ownership ?? aloneNode(core.config)],
      [tokens.EXECUTIONS, core.engine.executions],
      [tokens.WORKERS, core.engine.workers],
      [tokens.API_KEYS, core.apiKeys],
      [tokens.KEY_USES, core.keyUses],
    ];
    const providers: Provider[] = [
      ...parts.map(([provide, useValue]) => ({ provide, useValue })),
      { provide: tokens.AUTHENTICATOR, useFactory: openCounted },
    ];
    return {
      module: CoreModule,
      providers,
      exports: [...parts.map(([token]) => token), tokens.AUTHENTICATOR],
    };
  }
}

/** How a core is served. */
export interface FrontOptions extends Pick<GraphqlOptions, 'development' | 'documents'> {
  readonly metrics?: Metrics | undefined;
}

/** The server: the front on a core. */
@Module({})
export class AppModule {
  static on(core: Core, { development, metrics, documents }: FrontOptions): DynamicModule {
    const started = () => core.started;
    const knowsKeys = () => !core.started || core.apiKeys.isCurrent;
    const threads = () => core.threads?.list() ?? [];
    const parts = CoreModule.of(core, metrics);
    const { access, limits } = core.config;
    const isProxy = among(access.trustedProxies);
    const graphql = GraphqlModule.register({
      imports: [parts],
      development,
      started,
      knowsKeys,
      threads,
      metrics,
      isProxy,
      limits,
      documents,
    });
    return {
      module: AppModule,
      imports: [
        parts,
        graphql,
        HttpModule.register({ imports: [parts, graphql], development, isProxy, limits }),
      ],
      providers: [...HANDLERS],
    };
  }
}
