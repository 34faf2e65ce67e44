import type { ReadonlySignal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import { type CallState, isInCall } from '../call/call-state.ts';
import type { Viewer } from '../call/rtc-handler.ts';
import type { ServerView } from '../signal/link-view.ts';
import type { TakenPicture } from './picture-ring.ts';
import type { StrangerPictures } from './stranger-pictures.ts';

export interface ReportPicturesPorts {
  /**
   * What the server permits for pictures; null before the server's facts are known. Without
   * permission the page keeps no picture and doesn't load the code for pictures.
   */
  readonly server: ReadonlySignal<Pick<ServerView, 'pictures'> | null>;
  readonly callState: () => CallState;
  readonly openPictures: (isThere: () => boolean) => Promise<StrangerPictures>;
}

/**
 * Takes and uploads the pictures for a report. The code for pictures loads only if the server
 * accepts pictures.
 */
export class ReportPictures {
  readonly #ports: ReportPicturesPorts;
  readonly #pictures;
  #viewer: Viewer | null = null;

  constructor(ports: ReportPicturesPorts) {
    this.#ports = ports;
    this.#pictures = lazyModel(
      () => ports.openPictures(() => this.#isThere),
      (pictures) => {
        if (this.#viewer !== null) pictures.begin(this.#viewer);
      },
    );
  }

  begin(viewer: Viewer): void {
    if (this.#ports.server.peek()?.pictures !== true) return;
    this.#viewer = viewer;
    const pictures = this.#pictures.model.peek();
    if (pictures === null) this.#pictures.prepare();
    else pictures.begin(viewer);
  }

  end(): void {
    this.#viewer = null;
    this.#pictures.model.peek()?.end();
  }

  take(): readonly TakenPicture[] {
    return this.#pictures.model.peek()?.take() ?? [];
  }

  async send(token: string, pictures: readonly TakenPicture[]): Promise<boolean> {
    return (await this.#pictures.model.peek()?.send(token, pictures)) ?? false;
  }

  /** Whether the peer's page says that the peer's camera is on. */
  get #isThere(): boolean {
    const state = this.#ports.callState();
    return isInCall(state) && state.call.peer.camera === 'on';
  }
}
