import type { ClientMessageType } from '@farandole/protocol/client-message';
import { CREDIT_LIMITS, type CreditKind, FRAME_CREDITS } from '../../../src/limits.ts';

/** What is counted: every frame of a socket, and each kind of message of a session. */
export type Counted = CreditKind | 'frame';

const LIMITS = { ...CREDIT_LIMITS, frame: FRAME_CREDITS };

/**
 * What one person may do of each kind, counted as anybody would: a bucket that holds a burst, and
 * gains one each interval. The limits are the node's; how it counts is its own business.
 */
export class Allowances {
  readonly #buckets = new Map<Counted, { left: number; atMs: number }>();

  /** Takes one; false when there is none left. */
  take(kind: Counted, nowMs: number): boolean {
    const { burst, everyMs } = LIMITS[kind];
    let bucket = this.#buckets.get(kind);
    if (bucket === undefined) {
      bucket = { left: burst, atMs: nowMs };
      this.#buckets.set(kind, bucket);
    }
    bucket.left = Math.min(burst, bucket.left + (nowMs - bucket.atMs) / everyMs);
    bucket.atMs = nowMs;
    if (bucket.left < 1 - ROUNDING) return false;
    bucket.left -= 1;
    return true;
  }
}

const ROUNDING = 1e-6;

/** Kinds whose excess is neither refused in words nor dropped: it ends the session. */
export const ENDING_KIND: Readonly<Partial<Record<ClientMessageType, CreditKind>>> = {
  'session.leave': 'link',
  'link.ping': 'link',
  'link.ack': 'link',
  'age.declare': 'control',
  'ticket.widen': 'control',
  'ticket.withdraw': 'control',
  'call.end': 'control',
  'call.restore': 'control',
  'direct.consent': 'control',
  'video.consent': 'control',
  'call.first-frame': 'control',
  'signal.candidate': 'candidate',
  'chat.replay': 'replay',
  'media.update': 'media',
};
