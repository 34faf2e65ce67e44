import { meetByVideo } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

declare global {
  interface Window {
    phone(isRinging: boolean): void;
  }
}

test('a video call continues when a phone call takes camera and microphone', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two({ before: [onPhone] }, {});
  await meetByVideo(ana, ben);
  await ben.showVideo();
  await ben.expectFrames(5);
  const own = ana.page.getByRole('figure', { name: 'You' });

  await test.step('tells the peer while the phone call uses the devices', async () => {
    await ana.page.evaluate(() => window.phone(true));
    await ana.setHidden(true);
    await expect(ben.strangerTile).toContainText('Their camera is paused');
    await expect(ben.strangerTile).toContainText('Muted');
    await ana.setHidden(false);
    await expect(own).toContainText(/^Something else is using your/);
  });

  await test.step('reopens camera and microphone after the phone call without a new match', async () => {
    await ana.setHidden(true);
    await ana.page.evaluate(() => window.phone(false));
    await ana.setHidden(false);
    await expect(own).not.toContainText('Something else');
    await expect(ben.strangerTile).not.toContainText('Their camera is paused');
    await expect(ben.strangerTile).not.toContainText('Muted');
    await ben.expectFrames(5);
    await ben.expectSound();
  });
});

/**
 * Runs in the page before the page's own code. During a phone call the tracks are silent and new
 * ones can't be opened. The old tracks stay silent afterwards, as on iOS.
 */
function onPhone(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const clone = MediaStreamTrack.prototype.clone;
  const tracks = new Set<MediaStreamTrack>();
  let isRinging = false;
  MediaStreamTrack.prototype.clone = function cloneKept(this: MediaStreamTrack) {
    const track = clone.call(this);
    tracks.add(track);
    return track;
  };
  mediaDevices.getUserMedia = async (constraints) => {
    if (isRinging) throw new DOMException('Could not start video source', 'NotReadableError');
    const stream = await open(constraints);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };
  window.phone = (ringing) => {
    isRinging = ringing;
    if (!ringing) return;
    for (const track of tracks) {
      if (track.readyState === 'ended') continue;
      Object.defineProperty(track, 'muted', { configurable: true, value: true });
      track.dispatchEvent(new Event('mute'));
    }
  };
}
