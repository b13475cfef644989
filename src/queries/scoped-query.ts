import { Query } from '@nestjs/cqrs';
import type { Scope } from '../domain/access/scope.ts';

/** A query that is answered as if there were nothing beyond a scope. */
export abstract class ScopedQuery<T> extends Query<T> {
  scope: Scope | undefined;

  /** The same query of whoever has this scope. */
  within(scope: Scope | undefined): this {
    this.scope = scope;
    return this;
  }
}
