import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { diffDefinitions, type DefinitionDiff } from '../domain/definition/diff/diff-definitions.ts';
import type { RegisteredVersions } from '../ports/registered-versions.ts';
import { DEFINITIONS } from '../ports/tokens.ts';
import { DiffDefinitions } from './queries.ts';

/** Answers with what makes one version of a workflow another, as the log tells them. */
@QueryHandler(DiffDefinitions)
export class DiffDefinitionsHandler implements IQueryHandler<DiffDefinitions> {
  readonly #versions: RegisteredVersions;

  constructor(@Inject(DEFINITIONS) versions: RegisteredVersions) {
    this.#versions = versions;
  }

  async execute({ workflow, from, to }: DiffDefinitions): Promise<DefinitionDiff> {
    const before = await this.#versions.version(workflow, from);
    const after = await this.#versions.version(workflow, to);
    return diffDefinitions(before.document, after.document);
  }
}
