import type { SignInMethod } from '@farandole/accounts/sign-in';
import type { ClusterProblem } from '@farandole/cluster/valkey/valkey-cluster';
import type { GatewayEvent } from '@farandole/gateway/ports';
import type { AlertChannel } from '@farandole/moderation/alerts/alert';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { type DestinationStream, pino } from 'pino';
import type { Config } from '../config.ts';
import type { PushOutcome } from '../push/push-outcome.ts';
import { codeOf } from '../start-error.ts';
import { LineWriter } from './line-writer.ts';

/**
 * Events of the server's log. An event must not contain an address, a cookie, a user's text or a
 * key.
 */
export type ServerEvent =
  | { readonly event: 'listening'; readonly port: number }
  | { readonly event: 'draining'; readonly deadlineMs: number }
  | { readonly event: 'stopped' }
  | { readonly event: 'key-rotated' }
  /**
   * The node's date jumped by `byMs` to the machine's date, because the machine slept or was off.
   */
  | { readonly event: 'date-followed'; readonly byMs: number }
  /**
   * The machine's date differs from the node's by `byMs`. The node ignores the machine's date and
   * uses the monotonic clock.
   */
  | { readonly event: 'clock-doubted'; readonly reason: 'jumped'; readonly byMs: number }
  /** The machine's date and the node's agree again. */
  | { readonly event: 'clock-trusted' }
  | { readonly event: 'key-rotation-failed'; readonly code: string }
  /** Reports, blocks or age refusals weren't stored. The code is `late` if the store didn't answer. */
  | { readonly event: 'journal-failed'; readonly code: string }
  /** A store task failed and is retried. Logged once until the task succeeds. */
  | { readonly event: 'store-failed'; readonly reason: StoreTask; readonly code: string }
  | { readonly event: 'store-works'; readonly reason: StoreTask }
  /**
   * The store hasn't answered for so long that users who just connected can't search. Logged once
   * until it answers.
   */
  | { readonly event: 'newcomers-wait' | 'newcomers-served' }
  /** The node has no contact with the others, because Valkey doesn't answer or by its own fault. */
  | { readonly event: 'nodes-lost'; readonly reason: ClusterProblem; readonly code?: string }
  | { readonly event: 'nodes-joined' }
  /** Only this node can't reach the store, so its users without a call go to other nodes. */
  | { readonly event: 'users-sent-away' }
  /** A report was stored, but storing its pictures failed. */
  | { readonly event: 'pictures-failed'; readonly code: string }
  /** New picture keys were created, although pictures exist that only earlier keys open. */
  | { readonly event: 'picture-keys-lost' }
  /** The averages of connected users could not be read, so the node starts with empty statistics. */
  | { readonly event: 'house-hours-lost'; readonly code: string }
  /** A backup was made in the data folder, because this version upgrades the store. */
  | { readonly event: 'backed-up-before-upgrade'; readonly folder: string }
  /** A file in which an earlier version kept records is now in the store. */
  | { readonly event: 'file-imported'; readonly file: string; readonly records: number }
  /** Damaged lines of short-lived records were skipped when an earlier version's file was imported. */
  | { readonly event: 'journal-damage-skipped'; readonly file: string; readonly bytes: number }
  | { readonly event: 'journal-tail-cut'; readonly file: string; readonly bytes: number }
  | { readonly event: 'relay-unresolved'; readonly names: number }
  /**
   * The database of FARANDOLE_DATABASE_URL is on another machine, and the connection to it doesn't
   * use TLS.
   */
  | { readonly event: 'database-in-clear' }
  /** The start waits for the store. Logged every `STORE_AWAITED_EVERY_MS`. */
  | { readonly event: 'store-awaited'; readonly seconds: number }
  /** The number of blocks approaches the limit at which the oldest are dropped. Logged once. */
  | { readonly event: 'blocks-nearly-full' }
  /** A peer that FARANDOLE_TRUSTED_PROXIES doesn't list sent a forwarding header. Logged once. */
  | { readonly event: 'proxy-not-listed' }
  /** A page from an origin that FARANDOLE_ORIGINS doesn't list requested a session. Logged once. */
  | { readonly event: 'origin-not-listed' }
  /** A browser was notified that someone searches, or the push service didn't take it. */
  | { readonly event: 'notification-sent'; readonly outcome: PushOutcome }
  /** An alert was sent to the operator's webhook or by mail, or its receiver didn't take it. */
  | {
      readonly event: 'alert-sent';
      readonly channel: AlertChannel;
      readonly outcome: 'sent' | 'failed';
    }
  /**
   * A message of an alert was given up, because no node had its channel for an hour. An operator
   * who removes a channel while an alert waits causes this.
   */
  | { readonly event: 'alert-given-up'; readonly channel: AlertChannel }
  | { readonly event: 'request-refused'; readonly status: number }
  /**
   * A WebSocket closed. The reason is the server's close reason, `left` if the client closed, or
   * `lost` if the connection broke.
   */
  | { readonly event: 'socket-closed'; readonly reason: CloseReason | 'left' | 'lost' }
  /**
   * A member's sign-in succeeded or failed. The event says neither who the member is nor where the
   * sign-in came from.
   */
  | { readonly event: 'member-signed-in'; readonly way: SignInMethod }
  | {
      readonly event: 'sign-in-refused';
      readonly reason: 'wrong' | 'too-many';
      readonly way: SignInMethod;
    }
  | {
      /** `store-ended`: the store's thread ended by the given error. The process exits. */
      readonly event: 'request-failed' | 'crashed' | 'store-ended';
      readonly error: string;
      readonly code: string;
      readonly frames: readonly string[];
    };

export type StoreTask =
  | 'standing'
  | 'trust'
  | 'clean-calls'
  | 'pairs'
  | 'anchors'
  | 'housekeeping'
  | 'imported'
  | 'checkpoint'
  | 'date'
  | 'calls'
  | 'house'
  | 'house-rules'
  | 'ages'
  | 'unblocks'
  | 'hours'
  | 'notifications'
  | 'alerts';

export type LogEvent = ServerEvent | GatewayEvent;

export type Log = (event: LogEvent) => void;

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug';

/** Log level of each event. The level is null for events of normal traffic, which aren't logged. */
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
  'newcomers-wait': 'error',
  'newcomers-served': 'info',
  'nodes-lost': 'error',
  'nodes-joined': 'info',
  'users-sent-away': 'error',
  'pictures-failed': 'error',
  'picture-keys-lost': 'error',
  'house-hours-lost': 'warn',
  'backed-up-before-upgrade': 'info',
  'file-imported': 'info',
  'journal-damage-skipped': 'warn',
  'journal-tail-cut': 'warn',
  'relay-unresolved': 'error',
  'database-in-clear': 'warn',
  'store-awaited': 'warn',
  'blocks-nearly-full': 'warn',
  'proxy-not-listed': 'warn',
  'origin-not-listed': 'warn',
  'notification-sent': 'debug',
  'alert-sent': 'info',
  'alert-given-up': 'warn',
  'request-refused': 'debug',
  'socket-closed': null,
  'member-signed-in': 'info',
  'sign-in-refused': 'warn',
  'request-failed': 'error',
  crashed: 'fatal',
  'store-ended': 'fatal',
  'session-opened': 'info',
  'session-resumed': 'info',
  'session-closed': 'info',
  'match-found': 'info',
  'call-ended': 'info',
  'call-restored': 'info',
  'video-started': 'info',
  'mode-raised': 'info',
  'mode-lowered': 'info',
  'first-frame': 'info',
  relayed: null,
  'signal-dropped': 'debug',
  'report-stored': 'info',
  'report-failed': 'error',
  'frame-refused': 'debug',
};

/** Names of the fields that a log line may have. All other fields are dropped. */
const FIELDS: ReadonlySet<string> = new Set([
  'event',
  'port',
  'deadlineMs',
  'code',
  'file',
  'bytes',
  'records',
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

/** @param destination stream to which log lines are written; standard output by default */
export function createLog(
  level: Config['logLevel'],
  destination: DestinationStream = new LineWriter(1),
): Log {
  const options = {
    level,
    // Omits process id and host name from log lines, because the operator knows them.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (event: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(event).filter(([field]) => FIELDS.has(field))),
    },
  };
  const logger = pino(options, destination);
  return (event) => {
    const eventLevel = LEVELS[event.event];
    if (eventLevel !== null) logger[eventLevel](event);
  };
}

/**
 * Returns kind, code and origin of an error, but not the message, because it may quote user input.
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
