import { holdSeeds } from './hold-seeds.ts';

holdSeeds(501, 500);
