export { take } from '../../adapters/process/work.activities.ts';
