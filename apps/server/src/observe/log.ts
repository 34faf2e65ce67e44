import type { SignInMethod } from '@farandole/accounts/sign-in';
import type { GatewayEvent } from '@farandole/gateway/ports';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { type DestinationStream, pino } from 'pino';
import type { Config } from '../config.ts';
import { codeOf } from '../start-error.ts';

/** Server events. None may carry an address, a cookie, a text or a key. */
export type ServerEvent =
  | { readonly event: 'listening'; readonly port: number }
  | { readonly event: 'draining'; readonly deadlineMs: number }
  | { readonly event: 'stopped' }
  | { readonly event: 'key-rotated' }
  /** The node took over a machine's date that is this far from its own: the machine slept, or was off. */
  | { readonly event: 'date-followed'; readonly byMs: number }
  /** The machine's date is this far from the node's, which goes on by the monotonic clock. */
  | { readonly event: 'clock-doubted'; readonly reason: 'jumped'; readonly byMs: number }
  /** Both agree again. */
  | { readonly event: 'clock-trusted' }
  | { readonly event: 'key-rotation-failed'; readonly code: string }
  | { readonly event: 'journal-failed'; readonly file: string; readonly code: string }
  /** A store task fails and is retried. Logged once. */
  | { readonly event: 'store-failed'; readonly reason: StoreTask; readonly code: string }
  | { readonly event: 'store-works'; readonly reason: StoreTask }
  /** Pictures of a report could not be stored; the report is. */
  | { readonly event: 'pictures-failed'; readonly code: string }
  /** Keys were created although pictures exist that only earlier keys open. */
  | { readonly event: 'picture-keys-lost' }
  /** The hours file could not be read. Learning starts again. */
  | { readonly event: 'house-hours-lost'; readonly code: string }
  /** Skipped damaged lines in a file with short-lived records. */
  | { readonly event: 'journal-damage-skipped'; readonly file: string; readonly bytes: number }
  | { readonly event: 'journal-tail-cut'; readonly file: string; readonly bytes: number }
  | { readonly event: 'relay-unresolved'; readonly names: number }
  /** FARANDOLE_DATABASE_URL reaches another machine without TLS. */
  | { readonly event: 'database-in-clear' }
  /** Blocks approach their limit, above which the oldest are dropped; once. */
  | { readonly event: 'blocks-nearly-full' }
  /** A peer that FARANDOLE_TRUSTED_PROXIES doesn't list sent a forwarding header; once. */
  | { readonly event: 'proxy-not-listed' }
  /** A page from an origin that FARANDOLE_ORIGINS doesn't list requested a session; once. */
  | { readonly event: 'origin-not-listed' }
  | { readonly event: 'request-refused'; readonly status: number }
  /** A WebSocket closed: our reason, or `left` and `lost` by the client. */
  | { readonly event: 'socket-closed'; readonly reason: CloseReason | 'left' | 'lost' }
  /** A sign-in succeeded or failed. Never says who, nor from where. */
  | { readonly event: 'member-signed-in'; readonly way: SignInMethod }
  | {
      readonly event: 'sign-in-refused';
      readonly reason: 'wrong' | 'too-many';
      readonly way: SignInMethod;
    }
  | {
      readonly event: 'request-failed' | 'crashed';
      readonly error: string;
      readonly code: string;
      readonly frames: readonly string[];
    };

export type StoreTask =
  | 'report'
  | 'standing'
  | 'trust'
  | 'clean-calls'
  | 'pairs'
  | 'anchors'
  | 'housekeeping'
  | 'erasures'
  | 'checkpoint'
  | 'date'
  | 'calls'
  | 'house'
  | 'hours'
  | 'pictures';

export type LogEvent = ServerEvent | GatewayEvent;

export type Log = (event: LogEvent) => void;

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

/** One info line per transition; null for passing traffic. */
const LEVELS: Readonly<Record<LogEvent['event'], Level | null>> = {
  listening: 'info',
  draining: 'info',
  stopped: 'info',
  'key-rotated': 'info',
  'date-followed': 'info',
  'clock-doubted': 'warn',
  'clock-trusted': 'info',
  'key-rotation-failed': 'error',
  'journal-failed': 'error',
  'store-failed': 'error',
  'store-works': 'info',
  'pictures-failed': 'error',
  'picture-keys-lost': 'error',
  'house-hours-lost': 'warn',
  'journal-damage-skipped': 'warn',
  'journal-tail-cut': 'warn',
  'relay-unresolved': 'error',
  'database-in-clear': 'warn',
  'blocks-nearly-full': 'warn',
  'proxy-not-listed': 'warn',
  'origin-not-listed': 'warn',
  'request-refused': 'debug',
  'socket-closed': null,
  'member-signed-in': 'info',
  'sign-in-refused': 'warn',
  'request-failed': 'error',
  crashed: 'fatal',
  'session-opened': 'info',
  'session-resumed': 'info',
  'session-closed': 'info',
  'match-found': 'info',
  'call-ended': 'info',
  'call-restored': 'info',
  'video-started': 'info',
  'first-frame': 'info',
  relayed: null,
  'signal-dropped': 'debug',
  'report-stored': 'info',
  'report-failed': 'error',
  'frame-refused': 'debug',
};

/** Allowed fields. All others are dropped from every line. */
const FIELDS: ReadonlySet<string> = new Set([
  'event',
  'port',
  'deadlineMs',
  'code',
  'file',
  'bytes',
  'byMs',
  'names',
  'status',
  'error',
  'frames',
  'reason',
  'mode',
  'waitedMs',
  'lastedMs',
  'elapsedMs',
  'match',
  'way',
]);

/** @param destination standard output by default */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Log {
  const options = {
    level,
    // No process id or host name: the operator knows them.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (event: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(event).filter(([field]) => FIELDS.has(field))),
    },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return (event) => {
    const eventLevel = LEVELS[event.event];
    if (eventLevel !== null) logger[eventLevel](event);
  };
}

/** Kind, code and origin of an error. Not the message, which may quote the input. */
export function describeError(error: unknown): {
  readonly error: string;
  readonly code: string;
  readonly frames: readonly string[];
} {
  if (!(error instanceof Error)) return { error: typeof error, code: 'none', frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim().slice('at '.length));
  return { error: error.name, code: codeOf(error) ?? 'none', frames };
}
