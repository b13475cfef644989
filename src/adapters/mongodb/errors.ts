import {
  MongoClientClosedError,
  MongoError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { ReadModelsUnavailable } from '../../ports/read-models.ts';

const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;
const DUPLICATE_KEY = 11_000;

// What a server answers while it is away, changes its role, or is short of time or room; by MongoDB's error codes.
const PASSING: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound: the server was started again in between
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled: the collection was dropped in between
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  237, // CursorKilled
  262, // ExceededTimeLimit
  9_001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
]);

const AWAY = [
  MongoClientClosedError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
];

// The driver keeps the class of this one to itself.
const POOL_CLOSED = 'MongoPoolClosedError';

const isPassing = (error: Error): boolean => {
  if (error instanceof MongoServerError && PASSING.has(error.code)) return true;
  if (error instanceof MongoError) {
    return (
      AWAY.some((kind) => error instanceof kind) ||
      error.name === POOL_CLOSED ||
      error.hasErrorLabel('RetryableWriteError') ||
      error.hasErrorLabel('TransientTransactionError')
    );
  }
  // Names that are looked up for a mongodb+srv URL.
  return 'syscall' in error;
};

/** The error for a server that does not answer; the call may be repeated. */
export const unavailable = (message: string, cause?: unknown): ReadModelsUnavailable =>
  new ReadModelsUnavailable(`Expected MongoDB to answer, but: ${message}`, cause);

/** What to reject with for what the driver threw: outages become the port's. */
export const readModelsError = (error: unknown): unknown =>
  error instanceof Error && isPassing(error) ? unavailable(error.message, error) : error;

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof MongoServerError && error.code === code;

/** Whether a collection was not there. */
export const isMissing = (error: unknown): boolean => hasCode(error, NAMESPACE_NOT_FOUND);

/** Whether a collection was there. */
export const isThere = (error: unknown): boolean => hasCode(error, NAMESPACE_EXISTS);

/** Whether a document of that key was there. */
export const isTaken = (error: { readonly code?: number | string | undefined }): boolean =>
  error.code === DUPLICATE_KEY;
