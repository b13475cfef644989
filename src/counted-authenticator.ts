import { Unauthenticated, type Authenticator } from './ports/authenticator.ts';
import type { Metrics } from './ports/metrics.ts';

/** The same authenticator; whoever it does not know is counted. */
export const countedAuthenticator = (
  authenticator: Authenticator,
  metrics: Pick<Metrics, 'unidentified'> | undefined,
): Authenticator =>
  metrics === undefined
    ? authenticator
    : {
        identify: async (authorization) => {
          try {
            return await authenticator.identify(authorization);
          } catch (error) {
            if (error instanceof Unauthenticated)
              metrics.unidentified(error.former === undefined ? 'nobody' : 'key');
            throw error;
          }
        },
      };
