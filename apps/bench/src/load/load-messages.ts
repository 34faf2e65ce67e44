import type { Order, Tally } from './load-order.ts';

export interface LoadRequest {
  readonly id: number;
  readonly group: string;
  readonly order: Order;
}

export type LoadAnswer =
  | { readonly id: number; readonly ok: true; readonly tally: Tally }
  | { readonly id: number; readonly ok: false; readonly fault: string };

export function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
