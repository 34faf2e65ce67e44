import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Place } from '../rules.ts';
import { Allowances } from './allowances.ts';
import type { PageEar } from './page-ear.ts';
import { Violation } from './violation.ts';

/** A socket that the node believes to be open. */
export interface Socket {
  readonly ear: PageEar;
  readonly place: Place;
  readonly openedAtMs: number;
  /** What it may still send, whatever that is. */
  readonly frames: Allowances;
  /** What was said first on it. */
  hello: ClientMessageOf<'session.hello'> | null;
  /** Until a hello is accepted. */
  isAwaiting: boolean;
  /** Whether it was told that its person may do nothing. */
  isToldOut: boolean;
}

/** The sockets of the node, as they came and went. */
export class Sockets {
  readonly #open = new Map<string, Socket>();

  opened(connection: string, ear: PageEar, place: Place, openedAtMs: number): void {
    const frames = new Allowances();
    this.#open.set(connection, {
      ...{ ear, place, openedAtMs, frames, hello: null },
      ...{ isAwaiting: true, isToldOut: false },
    });
  }

  of(connection: string): Socket {
    const socket = this.#open.get(connection);
    if (socket === undefined) throw new Violation('protocol', `nobody opened ${connection}`);
    return socket;
  }

  closed(connection: string): void {
    this.#open.delete(connection);
  }

  clear(): void {
    this.#open.clear();
  }

  /** How many of those that were opened by a moment have not said a hello that was accepted. */
  silentSince(byMs: number): number {
    let count = 0;
    for (const { openedAtMs, isAwaiting } of this.#open.values()) {
      if (isAwaiting && openedAtMs <= byMs) count += 1;
    }
    return count;
  }
}
