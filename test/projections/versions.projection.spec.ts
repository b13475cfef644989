import { describe, it } from 'vitest';
import { versions } from '../../src/projections/versions.projection.ts';
import { workflows } from '../../src/projections/workflows.projection.ts';
import { given, happened } from '../spec/given.ts';
import * as s from './samples.ts';
import * as w from './workflow-samples.ts';

const STREAM = `workflow-${s.WORKFLOW}`;

describe('versions', () => {
  it('are documents of their own, which say what was decided about each', () => {
    const two = given(
      versions,
      happened(STREAM, 5, s.registered(1)),
      happened(STREAM, 6, s.registered(2, 'order:placed')),
      happened(STREAM, 7, w.defaultSet(1)),
      happened(STREAM, 8, w.versionRetired(1)),
    );
    two.thenExactly(`${s.WORKFLOW}@1`, {
      workflow: s.WORKFLOW,
      number: 1,
      definition: 'sha256:1',
      triggerEvent: null,
      retired: true,
      registeredAt: 5,
      stream: STREAM,
      revision: 0,
    });
    two.thenExactly(`${s.WORKFLOW}@2`, {
      workflow: s.WORKFLOW,
      number: 2,
      definition: 'sha256:2',
      triggerEvent: 'order:placed',
      retired: false,
      registeredAt: 6,
      stream: STREAM,
      revision: 1,
    });
    two
      .when(happened(STREAM, 9, w.versionUnretired(1)), happened(STREAM, 10, w.versionRetired(2)))
      .thenShows({ [`${s.WORKFLOW}@1`]: { retired: false }, [`${s.WORKFLOW}@2`]: { retired: true } });
  });
});

describe('a workflow', () => {
  it('says which version is run, and whether any is', () => {
    const known = given(
      workflows,
      happened(STREAM, 5, s.registered(1, 'order:placed')),
      happened(STREAM, 6, s.registered(2)),
      happened(STREAM, 7, w.defaultSet(1, 'order:placed')),
      happened(STREAM, 8, w.retired()),
    );
    known.thenShows({
      [s.WORKFLOW]: {
        versions: 2,
        definition: 'sha256:2',
        set: { number: 1, triggerEvent: 'order:placed' },
        retired: true,
        revision: 1,
      },
    });
    known
      .when(happened(STREAM, 9, w.defaultCleared()), happened(STREAM, 10, w.unretired()))
      .thenShows({ [s.WORKFLOW]: { set: null, retired: false, triggerEvent: null } });
  });
});
