import { type Browser, chromium, errors } from '@playwright/test';

export { type Browser, errors };

/** Path of the Chromium program, by default Debian's. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Path of the headless shell, a smaller build of Chromium. */
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

/**
 * Without this flag Chromium gathers no ICE candidates if loopback is the only network
 * interface.
 */
const LOOPBACK_PEERS = ['--allow-loopback-in-peer-connection'];

/**
 * Frame rate of the fake cameras, in frames per second. It is low because video causes most of a
 * call's CPU time.
 */
export const CAMERA_FPS = 8;

export interface BrowserOptions {
  /**
   * Camera and microphone of the browser. `none` means that there are none, and `denied` that
   * the user denies access.
   */
  readonly devices?: 'fake' | 'none' | 'denied';
  /** A program that starts the browser, for example inside a network namespace. */
  readonly executable?: string;
  /** Frame rate of the fake camera, by default the browser's own. */
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
 * Launches the headless shell, which costs a quarter less CPU time than Chromium. The shell
 * refuses access to clipboard and devices unless the test allows the access beforehand.
 */
export function launchBare(options: Omit<BrowserOptions, 'executable'> = {}): Promise<Browser> {
  return launchBrowser({ ...options, executable: BARE_CHROMIUM });
}
