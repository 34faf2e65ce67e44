/** What the stranger says in the gallery. The chat of a scene contains it too, as no text may be new. */
const HEARD = 'hi, is it raining there too?';

/** A recogniser on the device that hears one sentence. */
class Recogniser extends EventTarget {
  static available = () => Promise.resolve('available');
  processLocally = false;

  start(track: MediaStreamTrack): void {
    if (track.readyState === 'ended') throw new DOMException('ended', 'InvalidStateError');
    const results = [[{ transcript: HEARD }]];
    queueMicrotask(() =>
      this.dispatchEvent(Object.assign(new Event('result'), { results, resultIndex: 0 })),
    );
  }

  abort(): void {}
}

/** Gives the browser speech recognition on the device. */
export function installSpeech(): void {
  Object.defineProperty(Recogniser.prototype, 'processLocally', { value: false, writable: true });
  Object.assign(globalThis, { SpeechRecognition: Recogniser });
}

/** Removes the browser's speech recognition, because few browsers have it. */
export function removeSpeech(): void {
  Object.assign(globalThis, { SpeechRecognition: undefined });
}
