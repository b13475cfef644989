import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Hands errors of resolvers on to the one place that maps and logs them. */
@Catch()
export class HandOnFilter implements ExceptionFilter<unknown> {
  catch(exception: unknown): unknown {
    return exception instanceof Error
      ? exception
      : new TypeError(`Expected an Error to be thrown, but it was ${String(exception)}.`);
  }
}
