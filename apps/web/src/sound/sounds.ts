import { VOLUME_MAX } from './limits.ts';
import type { Cue } from './sound-cues.ts';

export interface Note {
  readonly hertz: number;
  readonly atMs: number;
  readonly lastsMs: number;
}

/** Sines, in place of files: nothing to fetch, and short enough to disturb nobody. */
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

/** A sine of this peak has a loudness of about -18 LUFS while it sounds. */
const PEAK = 0.178;
/** A note swells for so long and fades over the rest: without it, it clicks. */
const SWELL_MS = 12;
/** What has not begun to sound by then stays silent. */
const CUE_WITHIN_MS = 300;

/**
 * Plans notes on a graph, from its present time on.
 *
 * @param volume from 0 to `VOLUME_MAX`
 * @returns a promise that is kept when the last of them has sounded
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

/** Opens the way for sounds. Safari lets a page sound only if it asks within a press. */
export function wakeSounds(): void {
  if (!navigator.userActivation.hasBeenActive) return;
  try {
    context ??= new AudioContext();
  } catch {
    // The system has no more of them: there is no sound, and all else goes on.
    return;
  }
  // Refused, or a phone call has the sound: then there is none.
  if (context.state !== 'running') context.resume().catch(() => {});
}

/** Plays a cue, in the background too; nothing before the person has touched the page. */
export async function playCue(cue: Cue, volume: number): Promise<void> {
  if (volume === 0) return;
  wakeSounds();
  if (context === null || !(await runsSoon(context))) return;
  await planNotes(context, NOTES[cue], volume);
}

/** A cue that comes too late says nothing any more; several that waited would come at once. */
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
