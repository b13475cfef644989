import { HttpException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../../ports/authenticator.ts';
import { AUTHENTICATOR } from '../../ports/tokens.ts';
import { errorCode } from '../errors/error-mapper.ts';
import { ROUTES } from './decisions.ts';
import { allow } from './needs.ts';

const STATUS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  UNAUTHENTICATED: ['UNAUTHENTICATED', 401],
  FORBIDDEN: ['FORBIDDEN', 403],
};

const refusalOf = (error: unknown): HttpException => {
  const [code, status] = STATUS[errorCode(error)] ?? ['UNAVAILABLE', 503];
  const message = error instanceof Error ? error.message : code;
  return new HttpException({ error: { code, message } }, status);
};

/** Lets nobody come to a route of a controller who may not, as the table of routes says. */
@Injectable()
export class RouteGuard implements CanActivate {
  readonly #authenticator: Authenticator;

  constructor(@Inject(AUTHENTICATOR) authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context
      .switchToHttp()
      .getRequest<IncomingMessage & { readonly route: { readonly path: string } }>();
    const need = (ROUTES as Readonly<Record<string, (typeof ROUTES)[keyof typeof ROUTES] | undefined>>)[
      `${request.method} ${request.route.path}`
    ];
    if (need === 'anybody') return true;
    // What is not in the table is for nobody.
    if (need === undefined) return false;
    try {
      allow((await this.#authenticator.identify(request.headers.authorization)).access, need);
      return true;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}
