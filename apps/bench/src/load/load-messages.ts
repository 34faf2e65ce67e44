import type { Order, Tally } from './load-order.ts';

/** What the fleet asks of a load process. */
export interface LoadRequest {
  readonly id: number;
  readonly group: string;
  readonly order: Order;
}

/** What the process answers, to the request of the same id. */
export type LoadAnswer =
  | { readonly id: number; readonly ok: true; readonly tally: Tally }
  | { readonly id: number; readonly ok: false; readonly fault: string };

export function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
