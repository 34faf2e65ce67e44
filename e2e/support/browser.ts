import { type Browser, chromium, errors } from '@playwright/test';

export { type Browser, errors };

/** Debian's, unless the environment names another. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The same without what is around a page. */
const BARE_CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium-headless-shell';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

const FAKE_CAMERA = '--use-fake-device-for-media-stream';
const ALLOWED = '--use-fake-ui-for-media-stream';

/** Where loopback is the only interface, Chromium gathers nothing without it. */
const LOOPBACK_PEERS = ['--allow-loopback-in-peer-connection'];

/**
 * Pictures a second of a story's cameras, fewer than the usual: making, sending and drawing them is
 * most of what a call costs, and no story asks for more than that they go on.
 */
export const CAMERA_FPS = 8;

export interface BrowserOptions {
  /** `fake`: there and allowed; `none`: no camera on this machine; `denied`: the person says no. */
  readonly devices?: 'fake' | 'none' | 'denied';
  /** What starts it, where that is not the browser itself: something that enters a network first. */
  readonly executable?: string;
  /** Pictures a second of the fake camera, where it is not as many as the browser's own. */
  readonly cameraFps?: number;
  readonly args?: readonly string[];
}

export function launchBrowser({
  devices = 'fake',
  executable = CHROMIUM,
  cameraFps,
  args = [],
}: BrowserOptions = {}): Promise<Browser> {
  const camera = cameraFps === undefined ? FAKE_CAMERA : `${FAKE_CAMERA}=fps=${cameraFps}`;
  const deviceArgs = {
    fake: [camera, ALLOWED],
    none: [ALLOWED],
    denied: [camera, '--deny-permission-prompts'],
  }[devices];
  return chromium.launch({
    executablePath: executable,
    args: [...QUIET, ...LOOPBACK_PEERS, ...deviceArgs, ...args],
  });
}

/**
 * A browser without windows and the questions that a person answers in them: a story in it costs a quarter
 * less. What asks for the clipboard or for a device is refused there unless it is allowed beforehand.
 */
export function launchBare(options: Omit<BrowserOptions, 'executable'> = {}): Promise<Browser> {
  return launchBrowser({ ...options, executable: BARE_CHROMIUM });
}
