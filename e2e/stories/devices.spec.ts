import type { Page } from '@playwright/test';
import { meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('tests camera and microphone before a search and shows the results', async ({ one }) => {
  const { ana } = await one();
  const placesOfMeet = await watchPositionOf(ana.page, 'Meet someone');
  await ana.toGreenRoom();
  await expect(ana.page.getByRole('heading', { name: 'Ready?' })).toBeVisible();
  await expect(
    ana.page.getByLabel('You', { exact: true }).and(ana.page.locator('video')),
  ).toBeVisible();
  await expect(ana.page.getByRole('switch', { name: 'Camera' })).toBeChecked();
  await expect(ana.page.getByRole('switch', { name: 'Microphone' })).toBeChecked();
  await expect(ana.page.getByText('Calls here are direct')).toBeVisible();
  await ana.button('Why?').click();
  await expect(ana.page.getByText('so it needs your network address')).toBeVisible();
  await test.step('lists no device problem while camera, microphone and connection work', async () => {
    await expect(ana.page.getByRole('main').getByRole('listitem')).toHaveCount(0);
  });
  await test.step('moves no button under the finger when a message appears', async () => {
    expect(await placesOfMeet()).toHaveLength(1);
  });
  const sheet = ana.page.getByRole('dialog', { name: 'Camera and microphone' });
  const row = (name: string) => sheet.getByRole('listitem').filter({ hasText: name });
  await ana.button('Camera and microphone').click();
  // The fake microphone beeps, so the page detects sound.
  await expect(row('Microphone')).toContainText('We hear you');
  await ana.button('Play a sound').click();
  await expect(row('Speaker')).toContainText('Playing');
  await expect(row('Speaker')).toContainText('Did you hear it?');
  await expect(ana.button('Yes')).toBeFocused();
  await ana.page.keyboard.press('Enter');
  await expect(row('Speaker')).toContainText('You heard it');
  const said = sheet.getByRole('status').filter({ hasText: 'You heard it' });
  await expect(said).toHaveText('Speaker: You heard it');
  await expect(ana.button('Play a sound')).toBeFocused();

  await test.step('applies the chosen start mode at once and on the next visit', async () => {
    await sheet.getByRole('switch', { name: 'Start muted' }).check();
    await expect(row('Microphone')).toContainText('Off');
    await ana.button('Close').click();
    await expect(ana.page.getByRole('switch', { name: 'Microphone' })).not.toBeChecked();
    await ana.button('Meet someone').click();
    await expect(ana.button('Unmute microphone')).toBeVisible();
    await ana.keepDevicesAllowed();
    await ana.page.reload();
    await ana.button('Start video').click();
    await expect(ana.button('Unmute microphone')).toBeVisible();
  });
});

test('names a missing browser feature and suggests an alternative', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', url, {
    whole: true,
    before: [() => Reflect.deleteProperty(window, 'WebSocket')],
  });
  await expect(ana.page.getByRole('heading', { name: /too old/ })).toBeVisible();
  await ana.button('Copy the link').click();
  await expect(ana.page.getByText(/^Copied/)).toBeVisible();

  const ben = await arrive('Ben', url, {
    before: [() => Reflect.deleteProperty(window, 'RTCPeerConnection')],
  });
  await expect(ben.button('Start video')).toHaveCount(0);
  await expect(ben.button('Copy the link')).toBeVisible();
  await ben.button('Text only').click();
  await expect(ben.page.getByRole('heading', { name: 'Four rules, and you’re in' })).toBeVisible();

  // Cleo uses an in-app browser. In-app browsers often block the camera.
  const cleo = await arrive('Cleo', url, { before: [inInstagram, neverAnswerForCamera] });
  await cleo.button('Start video').click();
  await cleo.acceptRules();
  await expect(cleo.page.getByText('You’re inside Instagram.')).toBeVisible();
  await expect(cleo.button('Copy the link')).toHaveClass(/primary/);
});

test('offers text to a user without a camera', async ({ one }) => {
  const { ana } = await one({ devices: 'none' });
  await ana.toGreenRoom();
  await expect(ana.page.getByText(/no camera/i).first()).toBeVisible();
  await expect(ana.button('Try again')).toBeVisible();
  await ana.button('Text only').click();
  await expect(ana.button('Stop')).toBeVisible();
});

test('shows that the camera is denied and continues once it is allowed', async ({ one }) => {
  const { ana } = await one({ devices: 'denied', whole: true });
  await ana.toGreenRoom();
  await expect(ana.button('Try again')).toBeVisible();
  await expect(ana.page.getByText('next to the address')).toBeVisible();
  await expect(ana.button('Text only')).toBeVisible();
  // The user grants the permission in the browser's settings, without a press on the page.
  await ana.context.grantPermissions(['camera', 'microphone']);
  await expect(ana.button('Meet someone')).toBeVisible();
});

test('shows that the camera is in use and starts it once free', async ({ one }) => {
  const { ana } = await one({ before: [holdCamera] });
  await ana.toGreenRoom();
  await expect(ana.page.getByRole('heading', { name: /something else is using/i })).toBeVisible();
  await expect(ana.page.getByText('Close other tabs that use the camera.')).toBeVisible();
  await ana.button('Try again').click();
  await expect(ana.button('Meet someone')).toBeVisible();
});

test('explains other camera failures, or recovers from them silently', async ({ one }) => {
  const { ana } = await one({ before: [failInTurn] });
  const { page } = ana;
  await ana.toGreenRoom();
  await expect(page.getByRole('heading', { name: 'The request was closed' })).toBeVisible();
  await ana.button('Allow camera and microphone').click();
  await expect(page.getByRole('heading', { name: /^Your system is blocking/ })).toBeVisible();
  await ana.button('Try again').click();
  await expect(page.getByRole('heading', { name: /didn’t start/ })).toBeVisible();
  // The camera refused a constraint, so the page asks for the camera again without that
  // constraint.
  await ana.button('Try again').click();
  await expect(ana.button('Meet someone')).toBeVisible();
});

test('keeps the call when devices are removed or added', { tag: '@long' }, async ({ two }) => {
  const { ana, ben } = await two({ before: [holdPlugs] }, {});
  await meetByVideo(ana, ben);
  await ben.showVideo();
  await ben.expectFrames(5);
  const own = ana.page.getByRole('figure', { name: 'You' });
  const stopped = 'Your camera stopped. It was unplugged, or another app is using it.';

  await test.step('announces a removed device, even while a dialog is open', async () => {
    await ana.button('More').click();
    await ana.page.evaluate(() => window.take('camera'));
    await expect(ana.page.getByRole('dialog').getByRole('alert')).toHaveText(stopped);
    await ana.button('Close').click();
    await expect(ana.button('More')).toBeFocused();
    await expect(own).toContainText(stopped);
    await expect(ben.strangerTile).toContainText('Their camera is paused');
  });

  await test.step('explains why the camera is unavailable and what to do', async () => {
    await ana.button('Turn on again').click();
    await expect(own).toContainText(/^Something else is using your/);
    const said = ana.page.getByRole('alert').filter({ hasText: 'Something else is using your' });
    await expect(said).toBeAttached();
    await ana.page.evaluate(() => window.giveBack());
    await ana.button('Turn on again').click();
    await expect(ben.strangerTile).not.toContainText('Their camera is paused');
    // The pressed button is gone, so the focus is on the user's own picture.
    await expect(own).toBeFocused();
  });
  await ben.expectFrames(5);

  await test.step('pauses video while another program has the camera, then restarts it', async () => {
    await ana.page.evaluate(() => window.hush(true));
    await expect(ben.strangerTile).toContainText('Their camera is paused');
    await ana.page.evaluate(() => window.hush(false));
    await expect(ben.strangerTile).not.toContainText('Their camera is paused');
    await ben.expectFrames(5);
  });

  await test.step('resumes playback that the operating system paused', async () => {
    await ben.strangerVideo.evaluate((video: HTMLVideoElement) => video.pause());
    await ben.expectFrames(5);
  });

  const news = ana.page.getByRole('complementary', { name: 'Your devices' });
  await test.step('offers a newly connected microphone, which can be chosen later', async () => {
    await ana.page.evaluate(() => window.plug('Fake Audio Input 2'));
    await expect(news).toContainText('“Fake Audio Input 2” was plugged in. Use it?');
    await ana.button('Not now').click();
    await ana.button('More').click();
    const microphone = ana.page.getByRole('combobox', { name: 'Microphone' });
    await microphone.selectOption({ label: 'Fake Audio Input 2' });
    await expect(microphone.locator('option:checked')).toHaveText('Fake Audio Input 2');
    await ana.button('Close').click();
    await ben.expectSound();
  });

  await test.step('switches to the default microphone when the current one is unplugged', async () => {
    await ana.page.evaluate(() => window.unplug('Fake Audio Input 2'));
    await expect(news).toContainText(
      'Your microphone was unplugged. Now using “Fake Default Audio Input”.',
    );
    await ben.expectSound();
    await expect(ben.strangerTile).not.toContainText('Muted');
  });

  await test.step('notifies both users when the last microphone is removed or returns', async () => {
    await ana.page.evaluate(() => window.unplug('Fake Default Audio Input', 'Fake Audio Input 1'));
    await expect(own).toContainText('Your microphone stopped. It was unplugged');
    await expect(ben.strangerTile).toContainText('Muted');
    await ana.page.evaluate(() => window.plug('Fake Audio Input 1'));
    await expect(own).not.toContainText('Your microphone stopped');
    await expect(ben.strangerTile).not.toContainText('Muted');
    await ben.expectSound();
  });
});

test('sends minors to a neutral page, even after the Back button', async ({ one }) => {
  const { ana } = await one();
  await ana.button('Text only').click();
  await ana.button('I’m under 18').click();
  await expect(ana.page.getByText(/for adults/i).first()).toBeVisible();
  await ana.page.reload();
  await expect(ana.page.getByText(/for adults/i).first()).toBeVisible();
});

/** Runs in the page before the page's own code. */
function inInstagram(): void {
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 395.0.0.0.0';
  Object.defineProperty(navigator, 'userAgent', { get: () => userAgent });
}

/** Runs in the page before its own code. The user never answers the browser's camera prompt. */
function neverAnswerForCamera(): void {
  navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
}

/**
 * Runs in the page before the page's own code. Makes the first attempt to open the camera fail,
 * as if another program used the camera.
 */
function holdCamera(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  let isHeld = true;
  mediaDevices.getUserMedia = async (constraints) => {
    if (!isHeld) return await open(constraints);
    isHeld = false;
    throw new DOMException('Could not start video source', 'NotReadableError');
  };
}

/**
 * Runs in the page before the page's own code. Makes each attempt to open the camera fail
 * differently.
 */
function failInTurn(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const faults = [
    new DOMException('Permission dismissed', 'NotAllowedError'),
    new DOMException('Permission denied by system', 'NotAllowedError'),
    new DOMException('Nobody knows', 'UnknownError'),
    new DOMException('No such size', 'OverconstrainedError'),
  ];
  mediaDevices.getUserMedia = async (constraints) => {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    return await open(constraints);
  };
}

declare global {
  interface Window {
    take(device: 'camera'): void;
    giveBack(): void;
    hush(isSilent: boolean): void;
    plug(label: string): void;
    unplug(...labels: string[]): void;
  }
}

/**
 * Runs in the page before the page's own code. Controls which of Chromium's fake devices are
 * plugged in or busy.
 */
function holdPlugs(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  const clone = MediaStreamTrack.prototype.clone;
  const tracks = new Set<MediaStreamTrack>();
  const unplugged = new Set(['Fake Audio Input 2']);
  const keep = (track: MediaStreamTrack): MediaStreamTrack => {
    tracks.add(track);
    return track;
  };
  MediaStreamTrack.prototype.clone = function cloneKept(this: MediaStreamTrack) {
    return keep(clone.call(this));
  };
  mediaDevices.enumerateDevices = async () =>
    (await list()).filter(({ label }) => !unplugged.has(label));
  let isTaken = false;
  mediaDevices.getUserMedia = async (constraints = {}) => {
    if (isTaken) throw new DOMException('Could not start video source', 'NotReadableError');
    let stream = await open(constraints);
    if (stream.getAudioTracks().some(({ label }) => unplugged.has(label))) {
      for (const track of stream.getTracks()) track.stop();
      const there = await mediaDevices.enumerateDevices();
      const other = there.find(({ kind }) => kind === 'audioinput');
      if (other === undefined) throw new DOMException('Nothing is plugged in', 'NotFoundError');
      stream = await open({ ...constraints, audio: { deviceId: { exact: other.deviceId } } });
    }
    stream.getTracks().forEach(keep);
    return stream;
  };
  const end = (isMeant: (track: MediaStreamTrack) => boolean): void => {
    for (const track of [...tracks].filter(isMeant)) {
      tracks.delete(track);
      if (track.readyState === 'ended') continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  };
  const tell = (): void => void mediaDevices.dispatchEvent(new Event('devicechange'));
  window.take = () => {
    isTaken = true;
    end(({ kind }) => kind === 'video');
  };
  window.giveBack = () => {
    isTaken = false;
  };
  window.hush = (isSilent) => {
    for (const track of tracks) {
      if (track.kind !== 'video' || track.readyState === 'ended') continue;
      Object.defineProperty(track, 'muted', { configurable: true, value: isSilent });
      track.dispatchEvent(new Event(isSilent ? 'mute' : 'unmute'));
    }
  };
  window.plug = (label) => {
    unplugged.delete(label);
    tell();
  };
  window.unplug = (...labels) => {
    for (const label of labels) unplugged.add(label);
    end(({ label }) => labels.includes(label));
    tell();
  };
}

declare global {
  interface Window {
    placesOfWatched: string[];
  }
}

/**
 * Records the positions of a button.
 * @returns a function that returns the positions; a single one means that the button never moved
 */
async function watchPositionOf(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.evaluate((wanted) => {
    window.placesOfWatched = [];
    const look = (): void => {
      const button = [...document.querySelectorAll('button')].find(
        ({ textContent }) => textContent === wanted,
      );
      if (button !== undefined) {
        const { x, y } = button.getBoundingClientRect();
        const place = `${Math.round(x)}, ${Math.round(y)}`;
        if (window.placesOfWatched.at(-1) !== place) window.placesOfWatched.push(place);
      }
      requestAnimationFrame(look);
    };
    look();
  }, name);
  return () => page.evaluate(() => window.placesOfWatched);
}
