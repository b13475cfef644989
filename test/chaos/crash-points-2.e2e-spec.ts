import { EMBEDDED, killAt } from './kill-at.ts';

killAt(EMBEDDED[1]);

killAt(
  EMBEDDED.flat().filter(({ name }) => name === 'after-append'),
  2,
);
