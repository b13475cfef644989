import { CALLER, type EngineUnderTest } from '../spec/engine.ts';

/** Waits for a parcel, which the input names. */
export const ORDER = `
workflow: order
activities:
  - name: collect
    workflow: { name: parcel, input: { id: "\${input}" } }
    output: { weight: "\${output.weight}" }
`;

/** Is weighed by whoever signals that; more than 9 fails it. */
export const PARCEL = `
workflow: parcel
input: { schema: { type: object, properties: { id: { type: string } } } }
activities:
  - name: weigh
    wait: { signal: weighed }
    output: { weight: "\${output}" }
  - name: refuse
    when: "\${workflow.weight > 9}"
    fail: { type: TooHeavy, message: "\${input.id} is too heavy." }
`;

/** Weighs a parcel. */
export const weigh = ({ engine }: EngineUnderTest, child: string, weight: number) =>
  engine.executions.handle(child, { type: 'signal', signal: 'weighed', payload: weight }, CALLER);

/** Calls an execution off. */
export const cancel = ({ engine }: EngineUnderTest, id: string) =>
  engine.executions.handle(id, { type: 'cancel', reason: 'enough' }, CALLER);
