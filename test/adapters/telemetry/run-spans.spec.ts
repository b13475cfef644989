import { context, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defineActivity } from '../../../src/activities/define-activity.ts';
import { runSpans } from '../../../src/adapters/telemetry/run-spans.ts';
import { spanRecorder } from '../../../src/adapters/telemetry/span-recorder.ts';
import { startTelemetry } from '../../../src/adapters/telemetry/telemetry.ts';
import { tracedActivities } from '../../../src/adapters/telemetry/traced-activities.ts';
import { createActivities } from '../../../src/activities/registry.ts';
import { openEngine, recordedOf, type Run } from '../../spec/engine.ts';
import { temporaryLog } from '../../spec/temporary-log.ts';

const YAML = `
workflow: trip
activities:
  - name: flight
    retry: { max_attempts: 2, backoff: { initial: 0s } }
  - name: both
    parallel: { branches: { left: [{ name: hotel }], right: [{ name: car }] } }
`;

const open = async (activities: Readonly<Record<string, Run>>) => {
  const log = await temporaryLog();
  return { ...openEngine({ log, activities }), log };
};

const plain: Run = () => null;

describe('the spans of a run', () => {
  it('are its trigger, itself and its steps, by their names, with the attributes of the tracker', async () => {
    const { run, log } = await open({ flight: plain, hotel: plain, car: plain });
    const { id } = await run(YAML);
    const events = await recordedOf(log, id);
    const spans = runSpans(events);
    expect(spans.map(({ name }) => name)).toEqual([
      'workflow.trigger.manual',
      'workflow.execute',
      'workflow.step.flight',
      'workflow.step.both',
      'workflow.step.hotel',
      'workflow.step.car',
    ]);
    const [trigger, execute, flight, both, hotel] = spans;
    expect(trigger?.attributes).toEqual({
      'workflow.trigger.name': 'manual',
      'workflow.trigger.type': 'manual',
    });
    expect(execute?.attributes).toMatchObject({
      'workflow.type': 'trip',
      'workflow.action': 'manual',
      'execution.id': id,
      'workflow.id': 'trip',
      'execution.status': 'completed',
      'execution.duration_ms': 0,
    });
    expect(flight?.attributes).toMatchObject({
      'workflow.step.name': 'flight',
      'workflow.step.type': 'flight',
      'execution.id': id,
      'step.sequence': 1,
      'step.id': expect.stringContaining(id) as string,
    });
    expect([execute?.parent, flight?.parent, hotel?.parent]).toEqual([
      trigger?.spanId,
      execute?.spanId,
      both?.spanId,
    ]);
    expect(runSpans(events)).toEqual(spans);
  });

  it('say what failed, and are kept of a run that fails whatever the sampling', async () => {
    const fails: Run = () => {
      throw new TypeError('No seats.');
    };
    const { run, log } = await open({ flight: fails, hotel: plain, car: plain });
    const more = 'tracing: { sampling_rate: 0 }\n';
    const failed = await run(`workflow: trip\nactivities: [{ name: flight }]\n${more}`);
    const spans = runSpans(await recordedOf(log, failed.id));
    expect(spans.map(({ name, error }) => [name, error?.message])).toEqual([
      ['workflow.trigger.manual', undefined],
      ['workflow.execute', 'No seats.'],
      ['workflow.step.flight', 'No seats.'],
    ]);
    const fine = await run(`workflow: fine\nactivities: [{ name: hotel }]\n${more}`);
    expect(runSpans(await recordedOf(log, fine.id))).toEqual([]);
    const off = await run(`workflow: off\nactivities: [{ name: flight }]\ntracing: { enabled: false }\n`);
    expect(runSpans(await recordedOf(log, off.id))).toEqual([]);
  });

  it('are of the parts that the definition names', async () => {
    const { run, log } = await open({ hotel: plain });
    const { id } = await run(
      'workflow: part\nactivities: [{ name: hotel }]\ntracing: { components: [activity_executor] }\n',
    );
    expect(runSpans(await recordedOf(log, id)).map(({ name }) => name)).toEqual(['workflow.step.hotel']);
  });

  it('are sent when the run has ended', async () => {
    const { run, log } = await open({ flight: plain, hotel: plain, car: plain });
    const { id } = await run(YAML);
    const exporter = new InMemorySpanExporter();
    const resource = resourceFromAttributes({ 'service.name': 'desk' });
    const recorder = spanRecorder({ log, exporter, resource });
    await recorder.record(await recordedOf(log, id), new AbortController().signal);
    const spans = exporter.getFinishedSpans();
    expect(spans).toHaveLength(6);
    const execute = spans.find(({ name }) => name === 'workflow.execute');
    const flight = spans.find(({ name }) => name === 'workflow.step.flight');
    expect(flight?.parentSpanContext?.spanId).toBe(execute?.spanContext().spanId);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  });
});

describe('activities that run side by side', () => {
  it('are each in the trace context of their own attempt', async () => {
    const telemetry = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    onTestFinished(async () => void (await telemetry.stop()));
    const seen = new Map<string, readonly (string | undefined)[]>();
    const activity = defineActivity({
      name: 'work',
      run: async (ctx) => {
        const before = trace.getSpanContext(context.active());
        await new Promise((resolve) => setImmediate(resolve));
        const after = trace.getSpanContext(context.active());
        seen.set(ctx.executionId, [before?.spanId, after?.spanId, ctx.traceparent?.split('-')[2]]);
        return null;
      },
    });
    const served = tracedActivities(createActivities([{ activity, from: 'the spec' }]));
    const log = await temporaryLog();
    const work = served.find('work');
    const { start, end } = openEngine({ log, activities: { work: (ctx, input) => work?.run(ctx, input) } });
    const yaml = 'workflow: many\nactivities: [{ name: work }]\n';
    const runs = await Promise.all(Array.from({ length: 50 }, () => start(yaml)));
    await Promise.all(runs.map(({ id }) => end(id)));
    expect(seen.size).toBe(50);
    const spans = [...seen.values()];
    for (const [before, after, own] of spans) expect([before, after]).toEqual([own, own]);
    expect(new Set(spans.map(([before]) => before)).size).toBe(50);
    for (const { id } of runs) {
      const step = runSpans(await recordedOf(log, id)).find(({ name }) => name === 'workflow.step.work');
      expect(seen.get(id)?.[0]).toBe(step?.spanId);
    }
  });
});
