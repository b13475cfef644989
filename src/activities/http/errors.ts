import type { Json } from '../../domain/json.ts';

/** How a request failed: `HttpStatus`, `Network`, `ResponseTooLarge`, `InvalidResponse`, `TooManyRedirects`. */
export class HttpError extends Error {
  readonly type: string;
  readonly details: Json;

  constructor(type: string, message: string, details: Json) {
    super(message);
    this.name = type;
    this.type = type;
    this.details = details;
  }
}
