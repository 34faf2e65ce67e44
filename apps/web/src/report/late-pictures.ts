import type { ReadonlySignal } from '@preact/signals';
import { type CallState, isInCall } from '../call/call-state.ts';
import type { Viewer } from '../call/rtc-handler.ts';
import type { ServerView } from '../state/app-model.ts';
import type { TakenPicture } from './picture-ring.ts';
import type { StrangerPictures } from './stranger-pictures.ts';

export interface LatePicturesPorts {
  /** Where it takes no pictures nothing is ever kept, nor is the code fetched. */
  readonly server: ReadonlySignal<Pick<ServerView, 'pictures'> | null>;
  readonly callState: () => CallState;
  readonly openPictures: (isThere: () => boolean) => Promise<StrangerPictures>;
}

/** Stands in for what keeps pictures until its code is here, which only some servers want. */
export class LatePictures {
  readonly #ports: LatePicturesPorts;
  #pictures: StrangerPictures | null = null;
  #viewer: Viewer | null = null;

  constructor(ports: LatePicturesPorts) {
    this.#ports = ports;
  }

  begin(viewer: Viewer): void {
    if (this.#ports.server.peek()?.pictures !== true) return;
    this.#viewer = viewer;
    this.#pictures?.begin(viewer);
    if (this.#pictures === null) void this.#open();
  }

  end(): void {
    this.#viewer = null;
    this.#pictures?.end();
  }

  take(): readonly TakenPicture[] {
    return this.#pictures?.take() ?? [];
  }

  async send(token: string, pictures: readonly TakenPicture[]): Promise<boolean> {
    return (await this.#pictures?.send(token, pictures)) ?? false;
  }

  /** Whether the stranger of the moment says that their camera is on. */
  get #isThere(): boolean {
    const state = this.#ports.callState();
    return isInCall(state) && state.call.peer.camera === 'on';
  }

  async #open(): Promise<void> {
    try {
      this.#pictures ??= await this.#ports.openPictures(() => this.#isThere);
      if (this.#viewer !== null) this.#pictures.begin(this.#viewer);
    } catch {
      // Without the code there are none; the next call asks for it again.
    }
  }
}
