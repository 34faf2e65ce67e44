import type { GeneratorLoad } from './generator.ts';
import type { Said } from './load-client.ts';

export type ContenderName = 'ours' | 'bare-ws' | 'bare-tcp';

export type Order =
  | {
      readonly do: 'add';
      readonly kind: ContenderName;
      readonly port: number;
      readonly first: number;
      readonly count: number;
    }
  | { readonly do: 'prepare' }
  | { readonly do: 'open' }
  | { readonly do: 'pair' }
  | { readonly do: 'arrive' }
  /** Connects clients as `arrive` does, but on schedule, without waiting for earlier clients. */
  | { readonly do: 'flash'; readonly overMs: number }
  | { readonly do: 'churn' }
  | {
      readonly do: 'talk';
      readonly said: Said;
      readonly everyMs: number;
      readonly durationMs: number;
    }
  | { readonly do: 'report'; readonly part: number; readonly durationMs: number }
  | { readonly do: 'storm'; readonly searches: number }
  | { readonly do: 'leave' };

/**
 * Result of an order. For several processes, counts are added up, and the generator's figures are
 * the highest of any process.
 */
export interface Tally {
  /**
   * Number of clients that completed the order. In a storm it is the number of matches per client.
   */
  readonly done: number;
  readonly lost: number;
  readonly planned: number;
  readonly sent: number;
  readonly delivered: number;
  readonly refused: number;
  /**
   * Times of a flash run from the scheduled time to the match. Those of a storm run from the end of
   * a call to the peer's notification, if both users are in this process.
   */
  readonly timesMs: readonly number[];
  readonly generator: GeneratorLoad;
  readonly elapsedMs: number;
}

export interface LoadRequest {
  readonly id: number;
  readonly group: string;
  readonly order: Order;
}

export type LoadAnswer =
  | { readonly id: number; readonly ok: true; readonly tally: Tally }
  | { readonly id: number; readonly ok: false; readonly fault: string };
