import { EMBEDDED, HALF, killAt } from './kill-at.ts';

killAt(EMBEDDED.slice(HALF));

killAt(
  EMBEDDED.filter(({ name }) => name === 'after-append'),
  2,
);
