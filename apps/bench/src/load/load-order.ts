import type { GeneratorLoad } from './generator.ts';
import type { Said } from './load-client.ts';

/** `peer` is the server in the folder of FARANDOLE_PEERS. */
export type ClientKind = ContenderName | 'peer';

/** A server of this repository. */
export type ContenderName = 'ours' | 'bare-ws' | 'bare-bun' | 'bare-tcp' | 'bare-c' | 'socket-io';

export type Order =
  | {
      readonly do: 'add';
      readonly kind: ClientKind;
      /** The clients take the ports in turn. */
      readonly ports: readonly number[];
      readonly first: number;
      readonly count: number;
    }
  | { readonly do: 'prepare' }
  | { readonly do: 'open' }
  | { readonly do: 'pair' }
  /** Pairs the clients two by two. The next two search once the pair before them has met. */
  | { readonly do: 'pair-in-turn' }
  | { readonly do: 'arrive' }
  /**
   * Connects clients as `arrive` does, but at scheduled times instead of waiting for earlier
   * clients.
   */
  | { readonly do: 'flash'; readonly overMs: number }
  | { readonly do: 'churn' }
  /** Opens a new session for each client whose connection was lost. */
  | { readonly do: 'come-back' }
  /** Sets the mode of the clients' searches, and an interest that they must share. */
  | { readonly do: 'choose'; readonly mode: 'text' | 'video'; readonly interest?: string }
  /** Exchanges the offer, the answer and the candidates of browsers in every call. */
  | { readonly do: 'signal' }
  | {
      readonly do: 'talk';
      readonly said: Said;
      readonly everyMs: number;
      readonly durationMs: number;
    }
  | { readonly do: 'report'; readonly part: number; readonly durationMs: number }
  | { readonly do: 'storm'; readonly searches: number }
  /** Counts the messages that the clients have received so far. */
  | { readonly do: 'count' }
  | { readonly do: 'leave' };

/**
 * Result of a command to the load processes. Counts of several processes are added up; of the
 * load generator's figures the highest counts.
 */
export interface Tally {
  /**
   * Number of clients that completed the command. In a storm of skips it is the number of
   * matches per client.
   */
  readonly done: number;
  readonly lost: number;
  readonly planned: number;
  readonly sent: number;
  readonly delivered: number;
  readonly refused: number;
  /**
   * Measured times in ms. In a flash crowd each runs from a client's scheduled time to its
   * match. In a storm of skips each runs from the end of a call to the peer's notification, if
   * both users are in this process. Of reports each runs from a report's scheduled time until the
   * report is acknowledged.
   */
  readonly timesMs: readonly number[];
  readonly generator: GeneratorLoad;
  readonly elapsedMs: number;
}

export interface LoadRequest {
  readonly id: number;
  readonly group: string;
  readonly order: Order;
  /** Which part of the load this process is, from 0 to below 1. The parts take turns. */
  readonly phase: number;
}

export type LoadAnswer =
  | { readonly id: number; readonly ok: true; readonly tally: Tally }
  | { readonly id: number; readonly ok: false; readonly fault: string };
