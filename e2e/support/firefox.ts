import { delimiter, dirname, join } from 'node:path';
import { type Browser, firefox } from '@playwright/test';

/** An unpatched Firefox with a fake camera and microphone, both allowed. */
export function launchFirefox(): Promise<Browser> {
  return firefox.launch({
    // WebDriver BiDi. Without a channel Playwright uses its patched Firefox.
    channel: 'moz-firefox',
    executablePath: join(import.meta.dirname, 'firefox-relay.ts'),
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      // Without it Firefox gathers no candidates when loopback is the only interface.
      'media.peerconnection.ice.loopback': true,
      // Sound plays without a press, as in the stories' Chromium.
      'media.autoplay.default': 0,
    },
  });
}
