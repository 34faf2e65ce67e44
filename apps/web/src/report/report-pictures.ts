import type { ReadonlySignal } from '@preact/signals';
import { lazyModel } from '../base/lazy-model.ts';
import { type CallState, isInCall } from '../call/call-state.ts';
import type { Viewer } from '../call/rtc-handler.ts';
import type { ServerView } from '../signal/link-view.ts';
import type { TakenPicture } from './picture-ring.ts';
import type { StrangerPictures } from './stranger-pictures.ts';

export interface ReportPicturesPorts {
  /** Where it takes no pictures nothing is ever kept, nor is the code fetched. */
  readonly server: ReadonlySignal<Pick<ServerView, 'pictures'> | null>;
  readonly callState: () => CallState;
  readonly openPictures: (isThere: () => boolean) => Promise<StrangerPictures>;
}

/** Pictures of the stranger's last seconds, for a report. Their code is fetched only where the server takes them. */
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

  /** Whether the stranger of the moment says that their camera is on. */
  get #isThere(): boolean {
    const state = this.#ports.callState();
    return isInCall(state) && state.call.peer.camera === 'on';
  }
}
