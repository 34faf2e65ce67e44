import type { DevicesWanted } from '../state/app-model.ts';

/** What the page needs of the browser to use a camera and a microphone. */
export interface DeviceAccess {
  /** `insecure`: browsers give no devices to a page that is neither on HTTPS nor on localhost. */
  readonly support: 'yes' | 'insecure' | 'unsupported';
  /** Rejects as `getUserMedia` does. */
  open(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Null where the browser does not say. */
  permission(device: keyof DevicesWanted): Promise<PermissionState | null>;
  /** Calls back whenever a permission changes. @returns a function that stops listening. */
  onPermissionChange(changed: () => void): () => void;
  /** How many of each there are; null where the browser does not say. */
  count(): Promise<{ cameras: number; microphones: number } | null>;
  /** A stream of these tracks, for a preview. */
  stream(tracks: readonly MediaStreamTrack[]): MediaStream;
}

/**
 * 640 × 480 at 30 frames a second: every camera has it, it is as much as half a screen shows, and
 * its first key frame is small, so that a picture comes soon. Sound as for speech.
 */
export const CONSTRAINTS = {
  camera: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;
