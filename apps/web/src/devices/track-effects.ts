/** A track that the page computes from a device's track. */
export interface TrackEffect {
  readonly track: MediaStreamTrack;
  /** Ends the track. The device's track continues. */
  stop(): void;
}

/**
 * Effects that run on this device. Their code and files load on first use. Each function rejects if
 * the effect can't start.
 */
export interface TrackEffects {
  readonly canBlur: boolean;
  readonly canDenoise: boolean;
  /** Blurs the background. Its track has no frame before the first blurred one. */
  readonly blur: (camera: MediaStreamTrack) => Promise<TrackEffect>;
  readonly denoise: (microphone: MediaStreamTrack) => Promise<TrackEffect>;
}
