import { EMBEDDED, killAt } from './kill-at.ts';

killAt(EMBEDDED[0]);
