import { EMBEDDED, HALF, killAt } from './kill-at.ts';

killAt(EMBEDDED.slice(0, HALF));
