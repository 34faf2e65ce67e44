import type { Mode, PairSeat } from '@farandole/protocol/fields';
import { type FakeCall, type Opened, other } from './fake-call.ts';
import type { FakeSession, ToPage } from './fake-node.ts';

export interface FakeRungsPorts {
  /** The ways to meet, from the least to the most revealing. */
  readonly modes: () => readonly Mode[];
  readonly opened: (call: FakeCall, side: PairSeat) => Opened;
  readonly send: (session: FakeSession, message: ToPage) => void;
}

/** Moves the fake server's calls to other modes. */
export class FakeRungs {
  readonly #ports: FakeRungsPorts;

  constructor(ports: FakeRungsPorts) {
    this.#ports = ports;
  }

  consent(call: FakeCall, side: PairSeat, allowed: boolean): void {
    const modes = this.#ports.modes();
    const next = modes[modes.indexOf(call.mode) + 1];
    if (next === undefined) return;
    const { match, epoch, seats } = call;
    seats[side].video = allowed;
    if (!allowed) seats[other(side)].video = false;
    if (seats.a.video && seats.b.video) {
      this.#change(call, next, null);
      return;
    }
    for (const at of ['a', 'b'] as const) {
      const { session, video: you } = seats[at];
      const stranger = seats[other(at)].video;
      this.#ports.send(session, { type: 'video.updated', match, epoch, you, stranger });
    }
  }

  lower(call: FakeCall, side: PairSeat, mode: Mode): void {
    const modes = this.#ports.modes();
    if (modes.indexOf(mode) < modes.indexOf(call.mode)) this.#change(call, mode, side);
  }

  /** @param by the seat of the user who took the call down, or `null` if both moved it up */
  #change(call: FakeCall, mode: Mode, by: PairSeat | null): void {
    const { match, epoch, seats } = call;
    call.mode = mode;
    call.step += 1;
    for (const at of ['a', 'b'] as const) seats[at].video = false;
    for (const at of ['a', 'b'] as const) {
      const { transport, directOffered, videoOffered, next, step, receipt } = this.#ports.opened(
        call,
        at,
      );
      const facts = { match, epoch, mode, transport, directOffered, receipt };
      const rung = {
        ...(videoOffered !== undefined && { videoOffered }),
        ...(next !== undefined && { next }),
        ...(step !== undefined && { step }),
      };
      const { session } = seats[at];
      this.#ports.send(
        session,
        by === null
          ? { type: 'video.started', ...facts, ...rung }
          : { type: 'mode.lowered', ...facts, ...rung, you: at === by },
      );
    }
  }
}
