import type { Mode, Seat, TaggedLine } from '@farandole/protocol/fields';
import type { ReadonlySignal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { TakenPicture } from './picture-ring.ts';
import type { Draft } from './report-draft.ts';
import type { ReportCreate } from './stored-records.ts';

export interface ReportPorts {
  /**
   * Sends a message to the server.
   * @returns false if the link didn't accept the message; the caller then sends it again when a
   * session opens
   */
  readonly send: (message: Outgoing) => boolean;
  readonly freshId: () => string;
  readonly scheduler: Scheduler;
  readonly isOnline: ReadonlySignal<boolean>;
  /**
   * Sets the current call aside and returns it. Returns the last call if there is no current call,
   * or null if there was none.
   */
  readonly setAside: () => (ReportedCall & ReportMaterial) | null;
  /** Continues the call that was set aside. */
  readonly takeUp: () => void;
  /**
   * Ends the call, if it is the current one.
   * @returns the newest receipt and chat lines; null if the call is neither the current nor the
   * last one
   */
  readonly leaveCall: (
    match: string,
    as: 'reported' | 'blocked',
  ) => Pick<Draft, 'receipt' | 'lines'> | null;
  /**
   * Blocks the peer of a call.
   * @returns false if the user had already blocked the peer
   */
  readonly block: (of: Pick<Draft, 'match' | 'receipt' | 'of'>) => boolean;
  readonly unblock: (match: string) => void;
  /** Stores a report on this device until the server has replied. */
  readonly keep: (match: string, message: ReportCreate) => void;
  readonly drop: (id: string) => void;
  /**
   * Uploads the pictures of an accepted report.
   * @returns whether the server has stored the pictures
   */
  readonly sendPictures: (token: string, pictures: readonly TakenPicture[]) => Promise<boolean>;
}

export interface ReportMaterial {
  /**
   * Chat lines of the reported call in the order of their positions. As many as fit are attached
   * to the report.
   */
  readonly lines: readonly TaggedLine[];
  readonly pictures: readonly TakenPicture[];
}

export interface ReportedCall {
  readonly match: string;
  readonly receipt: string;
  readonly side: Seat;
  /** Absent for a call of two. */
  readonly mode?: Mode;
}
