import { delimiter, dirname, join } from 'node:path';
import { type Browser, firefox } from '@playwright/test';

/** Launches an unpatched Firefox with a fake camera and microphone, both allowed. */
export function launchFirefox(): Promise<Browser> {
  return firefox.launch({
    // This channel selects WebDriver BiDi. Without a channel Playwright uses its patched Firefox.
    channel: 'moz-firefox',
    executablePath: join(import.meta.dirname, 'firefox-relay.ts'),
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      // Without this setting Firefox gathers no ICE candidates if loopback is the only network
      // interface.
      'media.peerconnection.ice.loopback': true,
      // With this setting sound plays without a press, as in the stories' Chromium.
      'media.autoplay.default': 0,
    },
  });
}
