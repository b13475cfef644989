import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  type ValidationArguments,
} from 'class-validator';
import { TENANT } from '../../domain/access/claims.ts';
import { LONGEST_TAG, MOST_TAGS } from '../../domain/definition/search.ts';
import { LONGEST_ERROR_TYPE } from '../../domain/execution/error-type.ts';
import { LONGEST_PAGE } from '../driver/limits.ts';
import { kindOfId } from './id-kinds.ts';

/** The name of a workflow, an activity, an event or a signal. */
export const IsName = (): PropertyDecorator =>
  Matches(/^[A-Za-z][A-Za-z0-9_.:-]{0,199}$/, {
    message: 'a name of at most 200 letters, digits and _ . : - that begins with a letter',
  });

/** Such a name, or nothing. */
export const IsNameIfAny = (): PropertyDecorator => applyDecorators(IsOptional(), IsName());

/** What is expected of an id; of one that is of another kind, by its form, which that is. */
const idOf =
  (expected: string) =>
  ({ value }: ValidationArguments): string => {
    const kind = kindOfId(value);
    return kind === undefined ? expected : `${expected}, not that of ${kind}`;
  };

/** The id of something whose ids are not those of the log's own events. */
const IsId = (expected: string): PropertyDecorator =>
  Matches(/^(?![0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f-]{17}$)[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, {
    message: idOf(`the id of ${expected}: at most 100 letters, digits and _ -`),
  });

/** The id of an execution. */
export const IsExecutionId = (): PropertyDecorator => IsId('an execution');

/** The id of a notification. */
export const IsNotificationId = (): PropertyDecorator => IsId('a notification');

/** The id of a key. */
export const IsApiKeyId = (): PropertyDecorator =>
  Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, {
    message: 'the id of a key, such as 0190d3c8-5f0e-7000-8000-0123456789ab: what stands behind `sag_`',
  });

/** The name of a tenant, or nothing. */
export const IsTenantIfAny = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Matches(TENANT, { message: 'the name of a tenant: at most 63 letters, digits and . _ -' }),
  );

/** The id of an event of the log. */
export const IsEventId = (): PropertyDecorator =>
  Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
    message: idOf('the id of an event of the log, such as 0190d3c8-5f0e-8000-8000-0123456789ab'),
  });

/** The name of an archive. */
export const IsArchive = (): PropertyDecorator =>
  Matches(/^[A-Za-z][A-Za-z0-9_.:-]{0,299}$/, {
    message: 'the name of an archive, such as ship_order-000001-0a1b2c3d4e5f.ndjson.gz',
  });

/** Text of some length, if it is there. */
export const IsShortText = (most: number): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsString({ message: 'text' }),
    Length(1, most, { message: `text of 1 to ${most} characters` }),
  );

/** The type of an error, if it is there: whatever may be recorded as one, since an activity may fail with any. */
export const IsErrorTypeIfAny = (): PropertyDecorator => IsShortText(LONGEST_ERROR_TYPE);

/** The source of a definition. */
export const IsSource = (): PropertyDecorator =>
  applyDecorators(
    IsString({ message: 'text' }),
    Length(1, 1_048_576, { message: 'a definition of at most 1 MiB' }),
  );

/** Tags of an execution, if they are there. */
export const IsTags = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    ArrayMinSize(1, { message: TAGS }),
    ArrayMaxSize(MOST_TAGS, { message: TAGS }),
    Length(1, LONGEST_TAG, { each: true, message: TAGS }),
  );

const TAGS = `a list of 1 to ${MOST_TAGS} texts, each of 1 to ${LONGEST_TAG} characters`;

/** The path of a step in an execution. */
export const IsStepPath = (): PropertyDecorator =>
  Matches(/^[a-z][a-z0-9_.[\]-]{0,999}$/, {
    message: 'the path of a step, such as `pay` or `each[3].pay`: at most 1,000 characters',
  });

/** The number of a version, or nothing. */
export const IsVersionIfAny = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsInt({ message: 'the number of a version' }),
    Min(1, { message: 'the number of a version, from 1' }),
  );

/** How many items a page may have. */
export const IsPageSize = (): PropertyDecorator =>
  applyDecorators(
    IsInt({ message: 'a whole number' }),
    Min(1, { message: `a number from 1 to ${LONGEST_PAGE}` }),
    Max(LONGEST_PAGE, { message: `a number from 1 to ${LONGEST_PAGE}` }),
  );
