import { celEnv, type CelValue } from '@bufbuild/cel';

const strings = celEnv().funcs.find('string');

const textOf = (value: CelValue, type: string): string | undefined => {
  if (typeof value !== 'object' || value === null || !('message' in value)) return undefined;
  if (value.desc.typeName !== type) return undefined;
  const text = strings?.call(0, undefined, [value]);
  return typeof text === 'string' ? text : undefined;
};

/** A timestamp as RFC 3339 text; `undefined` for any other value. */
export const textOfTimestamp = (value: CelValue): string | undefined =>
  textOf(value, 'google.protobuf.Timestamp');

/** A duration as seconds: `90s`; `undefined` for any other value. */
export const textOfDuration = (value: CelValue): string | undefined =>
  textOf(value, 'google.protobuf.Duration');
