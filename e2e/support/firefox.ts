import { delimiter, dirname, join } from 'node:path';
import { type Browser, firefox } from '@playwright/test';

/** Firefox as Mozilla makes it, with a fake camera and microphone, both allowed without a question. */
export function launchFirefox(): Promise<Browser> {
  return firefox.launch({
    // By WebDriver BiDi. Without a channel it would be a Firefox that Playwright has changed for itself.
    channel: 'moz-firefox',
    executablePath: join(import.meta.dirname, 'firefox-relay.ts'),
    // The relay is run by the Node that runs this.
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      // Where loopback is the only interface, it gathers nothing without it.
      'media.peerconnection.ice.loopback': true,
      // Sound plays without a press, as in the Chromium of the stories.
      'media.autoplay.default': 0,
    },
  });
}
