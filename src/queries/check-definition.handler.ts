import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { parseDefinition } from '../domain/definition/parse.ts';
import type { Activities } from '../ports/activities.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { RouteOwners } from '../ports/route-owners.ts';
import type { WorkflowChildren } from '../ports/workflow-children.ts';
import { ACTIVITIES, DEFINITIONS, NOTIFIER, VIEWS } from '../ports/tokens.ts';
import type { WorkflowDocument } from '../projections/workflows.projection.ts';
import { CheckDefinition, type CheckedDefinition } from './queries.ts';
import type { Views } from './views.ts';

/** Answers with what registering a definition would say. */
@QueryHandler(CheckDefinition)
export class CheckDefinitionHandler implements IQueryHandler<CheckDefinition> {
  readonly #views: Views;
  readonly #activities: Activities;
  readonly #registered: RouteOwners & WorkflowChildren;
  readonly #notifier: Notifier;

  constructor(
    @Inject(VIEWS) views: Views,
    @Inject(ACTIVITIES) activities: Activities,
    @Inject(DEFINITIONS) registered: RouteOwners & WorkflowChildren,
    @Inject(NOTIFIER) notifier: Notifier,
  ) {
    this.#views = views;
    this.#activities = activities;
    this.#registered = registered;
    this.#notifier = notifier;
  }

  async execute({ source, waitFor }: CheckDefinition): Promise<CheckedDefinition> {
    const serves = (activity: string) => this.#activities.find(activity) !== undefined;
    const directory = this.#notifier.directory ?? 'none';
    const parsed = parseDefinition(
      source,
      serves,
      this.#registered.takenBy,
      directory,
      this.#registered.childrenOf,
    );
    if (!parsed.ok) return { problems: parsed.problems, warnings: [], version: undefined };
    const { workflow, hash } = parsed.definition;
    await this.#views.reflect(waitFor, 'workflows');
    const latest = (await this.#views.get<WorkflowDocument>('workflows', workflow))?.doc;
    const isNew = latest?.definition !== hash;
    const number = (latest?.versions ?? 0) + (isNew ? 1 : 0);
    return { problems: [], warnings: parsed.warnings, version: { workflow, hash, number, isNew } };
  }
}
