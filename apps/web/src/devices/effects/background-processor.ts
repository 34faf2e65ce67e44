/**
 * Types of the package `@shiguredo/virtual-background`, which `scripts/effect-files.ts` puts in
 * place of this file. The package's own types would change those of every `MediaStream`.
 */
export declare class BackgroundProcessor {
  /**
   * Starts to blur. Waits for the program and its model, but not for the first frame.
   * @throws if a file fails to load, or the browser has no WebGL
   */
  startProcessing(
    camera: MediaStreamTrack,
    options: { readonly blurRadius: number },
  ): Promise<MediaStreamTrack>;
  stopProcessing(): void;
  getProcessedTrack(): MediaStreamTrack | undefined;
}
