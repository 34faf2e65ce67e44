import type { PictureFrame } from '../state/reveal.ts';

const DRAWN_WITHIN_MS = 5_000;

/**
 * Talks to the sandboxed frame. Its origin is opaque, so the target origin is `*`; the console's
 * CSP allows only this frame.
 * @param loaded resolves once the document listens
 */
export function pictureFrameOf(frame: HTMLIFrameElement, loaded: Promise<void>): PictureFrame {
  const tell = (data: ArrayBuffer | null, also: Transferable[]): void => {
    frame.contentWindow?.postMessage(data, '*', also);
  };
  return {
    async draw(bytes) {
      await loaded;
      const { port1, port2 } = new MessageChannel();
      return await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), DRAWN_WITHIN_MS);
        port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          clearTimeout(timer);
          resolve(data === true);
        });
        port1.start();
        tell(bytes, [bytes, port2]);
      }).finally(() => port1.close());
    },
    clear: () => tell(null, []),
  };
}
