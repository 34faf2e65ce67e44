import { FakeStream } from '../fakes/fake-media.ts';
import { drawnStream, drawPortrait, type Portrait } from './drawn-people.ts';
import type { SceneWorld } from './scene-world.ts';

const STRANGER: Portrait = {
  sky: ['#6b5aa6', '#d98a6a', '#f2c98a'],
  shirt: '#35305e',
  skin: '#c98e6b',
  hair: '#2f2028',
  hairStyle: 'long',
};
const YOU: Portrait = {
  sky: ['#2d6a70', '#5f9a92', '#8fb7a5'],
  shirt: '#f1ece3',
  skin: '#9a6446',
  hair: '#1f1820',
  hairStyle: 'short',
};

/** Shows a drawn person in every `<video>`, because the fake streams have no picture. */
export function drawPictures(): void {
  const given = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  if (given?.set === undefined) return;
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...given,
    set(this: HTMLMediaElement, stream: MediaProvider | null) {
      given.set?.call(this, stream instanceof FakeStream ? pictureOf(stream) : stream);
    },
  });
}

/** Returns the drawn picture for a fake stream, or `null` if the camera is off. */
function pictureOf(stream: FakeStream): MediaStream | null {
  const [track] = stream.getVideoTracks();
  if (track === undefined || !track.enabled || track.readyState === 'ended') return null;
  const isYours = track.getSettings().deviceId !== undefined;
  return drawnStream(isYours ? YOU : STRANGER);
}

export function drawCovers({ rtc }: SceneWorld): void {
  rtc.drawCover = (canvas) => drawPortrait(canvas, STRANGER);
}
