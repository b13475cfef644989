import { openRunner } from '../runner.ts';
import { rebuildBehaviour } from './behaviour.ts';

rebuildBehaviour('SQLite', () => openRunner());
