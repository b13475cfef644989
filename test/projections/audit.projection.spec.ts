import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/domain/registry.ts';
import { audit } from '../../src/projections/audit.projection.ts';
import { given, happened, type Happened } from '../spec/given.ts';
import { completed, started, WORKFLOW } from './samples.ts';

const STREAM = 'execution-e1';

const by = (actor: NonNullable<Happened['actor']>, what: Happened): Happened => ({ ...what, actor });

const read: EventOf<'audit.read'> = {
  type: 'audit.read',
  facts: {
    what: 'history',
    operation: 'events',
    target: 'e1',
    workflow: WORKFLOW,
    actor: 'ann',
    kind: 'user',
    via: 'jwt',
    tenant: 'acme',
    request: 'r1',
    at: 7,
    times: 3,
  },
  payload: { address: '203.0.113.9' },
};

describe('the audit log', () => {
  it('has an entry for each commit that somebody asked for, and for nothing else', () => {
    given(
      audit,
      by('user', happened(STREAM, 10, started(), started())),
      by('engine', happened(STREAM, 20, completed(10, 10))),
      by('trigger', happened('execution-e2', 30, started())),
      by(
        'operator',
        happened('workflow-ship', 40, {
          type: 'workflow.retired',
          facts: { workflow: 'ship' },
          payload: { reason: '' },
        }),
      ),
    ).thenShows({
      'execution-e1@0': {
        kind: 'command',
        at: 10,
        actor: 'somebody@example.org',
        actorKind: 'user',
        via: 'none',
        operation: 'execution.started',
        target: 'e1',
        workflow: WORKFLOW,
        what: null,
        times: 1,
        stream: STREAM,
        revision: 0,
      },
      'workflow-ship@0': { actorKind: 'operator', target: 'ship' },
    });
  });

  it('says which key was given or revoked, though all of them share a stream', () => {
    const facts = { key: 'a-key', tenant: 'acme' };
    const made: EventOf<'access.key_created'> = {
      type: 'access.key_created',
      facts: { ...facts, digest: 'sha256:abc' },
      payload: { name: 'deploys', roles: [] },
    };
    const revoked: EventOf<'access.key_revoked'> = {
      type: 'access.key_revoked',
      facts: { ...facts, key: 'other-key' },
      payload: { reason: '' },
    };
    given(
      audit,
      by('user', happened('access-keys', 10, made)),
      by('user', happened('access-keys', 20, revoked)),
    ).thenShows({
      'access-keys@0': { operation: 'access.key_created', target: 'a-key' },
      'access-keys@1': { operation: 'access.key_revoked', target: 'other-key' },
    });
  });

  it('has an entry for each read, of whoever its facts name', () => {
    given(audit, happened('audit-20260131', 20, { type: 'audit.day_began', facts: {} }, read)).thenExactly(
      'audit-20260131@1',
      {
        kind: 'read',
        at: 7,
        actor: 'ann',
        actorKind: 'user',
        via: 'jwt',
        tenant: 'acme',
        operation: 'events',
        target: 'e1',
        workflow: WORKFLOW,
        what: 'history',
        times: 3,
        stream: 'audit-20260131',
        revision: 1,
      },
    );
  });

  it('has an entry for what somebody was refused, as of what it would have been', () => {
    const { what, ...facts } = { ...read.facts, operation: 'cancelExecution', times: 40 };
    expect(what).toBe('history');
    const refused: EventOf<'audit.refused'> = {
      type: 'audit.refused',
      facts: { ...facts, wanted: 'command', code: 'FORBIDDEN' },
      payload: read.payload,
    };
    given(audit, happened('audit-20260131', 20, refused)).thenShows({
      'audit-20260131@0': {
        kind: 'command',
        what: null,
        operation: 'cancelExecution',
        actor: 'ann',
        outcome: 'refused',
        code: 'FORBIDDEN',
        times: 40,
      },
    });
  });

  it('has an entry for what was done and no other event tells of', () => {
    const { what, ...facts } = { ...read.facts, operation: 'rebuildProjection', target: 'executions' };
    expect(what).toBe('history');
    given(
      audit,
      happened('audit-20260131', 20, { type: 'audit.acted', facts, payload: read.payload }),
    ).thenShows({
      'audit-20260131@0': { kind: 'command', what: null, operation: 'rebuildProjection', actor: 'ann' },
    });
  });

  it('holds nothing of where somebody came from', () => {
    expect(JSON.stringify([...given(audit, happened('audit-20260131', 20, read)).documents])).not.toContain(
      '203.0.113.9',
    );
  });
});
