import { VOLUME_MAX } from '../state/limits.ts';
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

/** Plays a cue, in the background too; nothing before the person has touched the page. */
export async function playCue(cue: Cue, volume: number): Promise<void> {
  if (!navigator.userActivation.hasBeenActive || volume === 0) return;
  context ??= new AudioContext();
  // A phone call, or another page, may have put it to sleep.
  if (context.state !== 'running') await context.resume();
  await planNotes(context, NOTES[cue], volume);
}
