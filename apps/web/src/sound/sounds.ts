import { VOLUME_MAX } from './limits.ts';
import type { Cue } from './sound-cues.ts';

export interface Note {
  readonly hertz: number;
  readonly atMs: number;
  readonly lastsMs: number;
}

/**
 * The notes of each sound. Sounds are made of sine tones, so that the page loads no sound files.
 */
export const NOTES: Readonly<Record<Cue, readonly Note[]>> = {
  met: [
    { hertz: 587.33, atMs: 0, lastsMs: 170 },
    { hertz: 880, atMs: 130, lastsMs: 250 },
  ],
  message: [{ hertz: 740, atMs: 0, lastsMs: 90 }],
  left: [
    { hertz: 587.33, atMs: 0, lastsMs: 160 },
    { hertz: 440, atMs: 120, lastsMs: 220 },
  ],
};

/** Amplitude at which a sine tone has a loudness of about -18 LUFS. */
const PEAK = 0.178;
/** Time in which a note fades in. Without the fade the note would start with a click. */
const SWELL_MS = 12;
/** Delay by which a sound may be late; a sound that is delayed by more is dropped. */
const CUE_WITHIN_MS = 300;

/**
 * Plays a sound.
 * @param volume 0 to `VOLUME_MAX`
 * @returns a promise that resolves at the end of the last note
 */
export function planNotes(
  context: BaseAudioContext,
  notes: readonly Note[],
  volume: number,
  output: AudioNode = context.destination,
): Promise<void> {
  const ended = notes.map(({ hertz, atMs, lastsMs }) => {
    const from = context.currentTime + atMs / 1_000;
    const to = from + lastsMs / 1_000;
    const tone = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime((PEAK * volume) / VOLUME_MAX, from + SWELL_MS / 1_000);
    gain.gain.linearRampToValueAtTime(0, to);
    tone.connect(gain).connect(output);
    tone.start(from);
    tone.stop(to);
    return new Promise<void>((resolve) => {
      tone.addEventListener('ended', () => resolve());
    });
  });
  return Promise.all(ended).then(() => {});
}

let context: AudioContext | null = null;

/** Unlocks audio output. Safari allows this only during a user gesture. */
export function wakeSounds(): void {
  if (!navigator.userActivation.hasBeenActive) return;
  try {
    context ??= new AudioContext();
  } catch {
    // The page works without sounds if the system allows no further audio context.
    return;
  }
  // The browser refused to start audio, or a phone call uses the audio device.
  if (context.state !== 'running') context.resume().catch(() => {});
}

/**
 * Plays a sound, also while the page is in the background. Makes no sound before the first user
 * gesture.
 */
export async function playCue(cue: Cue, volume: number): Promise<void> {
  if (volume === 0) return;
  wakeSounds();
  if (context === null || !(await runsSoon(context))) return;
  await planNotes(context, NOTES[cue], volume);
}

/**
 * Plays notes once, after a press of the user.
 * @returns stops the notes
 */
export function playNotes(notes: readonly Note[], volume: number): () => void {
  wakeSounds();
  if (context === null) return () => {};
  const output = new GainNode(context);
  output.connect(context.destination);
  void planNotes(context, notes, volume, output).then(() => output.disconnect());
  return () => output.disconnect();
}

/**
 * Resolves with false if audio output doesn't start soon. A late sound would mislead the user,
 * and several delayed sounds would play at once.
 */
function runsSoon(woken: AudioContext): Promise<boolean> {
  if (woken.state === 'running') return Promise.resolve(true);
  return new Promise((resolve) => {
    const changed = (): void => {
      if (woken.state === 'running') done();
    };
    const done = (): void => {
      clearTimeout(timer);
      woken.removeEventListener('statechange', changed);
      resolve(woken.state === 'running');
    };
    const timer = setTimeout(done, CUE_WITHIN_MS);
    woken.addEventListener('statechange', changed);
  });
}
