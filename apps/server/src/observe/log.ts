import type { SignInWay } from '@farandole/accounts/sign-in';
import type { GatewayEvent } from '@farandole/gateway/ports';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { type DestinationStream, pino } from 'pino';
import type { Config } from '../config.ts';
import { codeOf } from '../start-error.ts';

/** What happens to the node itself. No event has room for an address, a cookie, a text or a key. */
export type ServerEvent =
  | { readonly event: 'listening'; readonly port: number }
  | { readonly event: 'draining'; readonly deadlineMs: number }
  | { readonly event: 'stopped' }
  | { readonly event: 'key-rotated' }
  /** The node took over a machine's date that is this far from its own: the machine slept, or was off. */
  | { readonly event: 'date-followed'; readonly byMs: number }
  /** The machine's date is this far from the node's, which goes on by the time that passes. */
  | { readonly event: 'clock-doubted'; readonly reason: 'jumped'; readonly byMs: number }
  /** Both agree again. */
  | { readonly event: 'clock-trusted' }
  | { readonly event: 'key-rotation-failed'; readonly code: string }
  | { readonly event: 'journal-failed'; readonly file: string; readonly code: string }
  /** The store does not do what `reason` names; it is asked again, and this is said once. */
  | { readonly event: 'store-failed'; readonly reason: StoreTask; readonly code: string }
  /** It does so again. */
  | { readonly event: 'store-works'; readonly reason: StoreTask }
  /** Pictures that came with a report could not be kept; the report is. */
  | { readonly event: 'pictures-failed'; readonly code: string }
  /** Keys were made although there are pictures that only earlier ones open. */
  | { readonly event: 'picture-keys-lost' }
  /** How many people come at which hour could not be read, and is learned anew. */
  | { readonly event: 'house-hours-lost'; readonly code: string }
  /** Damaged lines of a file whose records are needed for minutes only were skipped. */
  | { readonly event: 'journal-damage-skipped'; readonly file: string; readonly bytes: number }
  | { readonly event: 'journal-tail-cut'; readonly file: string; readonly bytes: number }
  | { readonly event: 'relay-unresolved'; readonly names: number }
  /** FARANDOLE_DATABASE_URL has a database on another machine spoken to without TLS. */
  | { readonly event: 'database-in-clear' }
  /** Soon there are more blocks than are heeded, and the oldest are forgotten; said once. */
  | { readonly event: 'blocks-nearly-full' }
  /** A forwarding header of a peer that FARANDOLE_TRUSTED_PROXIES does not list; said once. */
  | { readonly event: 'proxy-not-listed' }
  /** A page of an origin that FARANDOLE_ORIGINS does not list asked for a session; said once. */
  | { readonly event: 'origin-not-listed' }
  /** An HTTP request, or one to become a WebSocket, was refused, by its status. */
  | { readonly event: 'request-refused'; readonly status: number }
  /** A WebSocket is gone: our reason, or `left` and `lost` where the other end went. */
  | { readonly event: 'socket-closed'; readonly reason: CloseReason | 'left' | 'lost' }
  /** Somebody came in to the console, or did not: never who, nor from where. */
  | { readonly event: 'member-signed-in'; readonly way: SignInWay }
  | {
      readonly event: 'sign-in-refused';
      readonly reason: 'wrong' | 'too-many';
      readonly way: SignInWay;
    }
  | {
      readonly event: 'request-failed' | 'crashed';
      readonly error: string;
      readonly code: string;
      readonly frames: readonly string[];
    };

/** What a node asks of the store by itself. */
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

/** Says one thing that happened, in one line. */
export type Log = (event: LogEvent) => void;

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

/** One info line for each transition; nothing for what merely passes through. */
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

/** Every field that a line may have. A field that is not here is left out, whoever adds it. */
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

/** @param destination standard output where it is left out */
export function createLog(level: Config['logLevel'], destination?: DestinationStream): Log {
  const options = {
    level,
    // Neither process id nor host name: they say where, and the operator knows.
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

/**
 * What may be said of an error: its kind, its code and where in our code it came from. Not its
 * message, in which whatever was being read may be quoted.
 */
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
