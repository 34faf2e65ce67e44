import type { Note } from '../sound/sounds.ts';

/**
 * Melodies that nobody owns, as pairs of a note and a length in beats. Their order is that of the
 * titles in `cards.json`. A note is a number of semitones above middle C.
 */
const MELODIES: readonly { readonly beatMs: number; readonly notes: string }[] = [
  { beatMs: 420, notes: '4:1 4:1 5:1 7:1 7:1 5:1 4:1 2:1 0:1 0:1 2:1 4:1 4:1.5 2:.5 2:2' },
  { beatMs: 400, notes: '0:1 2:1 4:1 0:1 0:1 2:1 4:1 0:1 4:1 5:1 7:2 4:1 5:1 7:2' },
  { beatMs: 420, notes: '0:1 0:1 7:1 7:1 9:1 9:1 7:2 5:1 5:1 4:1 4:1 2:1 2:1 0:2' },
  { beatMs: 360, notes: '4:1 4:1 4:2 4:1 4:1 4:2 4:1 7:1 0:1.5 2:.5 4:4' },
  { beatMs: 260, notes: '16:1 15:1 16:1 15:1 16:1 11:1 14:1 12:1 9:2 0:1 4:1 9:1 11:2' },
  {
    beatMs: 300,
    notes: '0:2 2:.5 5:.5 4:.5 2:.5 7:1 7:1 7:.5 9:.5 4:.5 5:.5 2:1 2:1 2:.5 5:.5 4:.5 2:.5 0:2',
  },
  {
    beatMs: 330,
    notes:
      '7:1.5 2:.5 7:1.5 2:.5 7:.5 2:.5 7:.5 11:.5 14:2 12:1.5 9:.5 12:1.5 9:.5 12:.5 9:.5 6:.5 9:.5 2:2',
  },
  {
    beatMs: 230,
    notes:
      '-3:1 -1:1 0:1 2:1 4:1 0:1 4:2 3:1 -1:1 3:2 2:1 -2:1 2:2 -3:1 -1:1 0:1 2:1 4:1 0:1 4:1 9:1 7:1 4:1 0:1 4:1 7:4',
  },
];

const MIDDLE_C_HERTZ = 261.63;
/** Pause between two notes as a share of the note, so that equal notes are heard as two. */
const GAP = 0.12;

/** Returns the notes of a melody for `planNotes`. */
export function tuneOf(text: number): readonly Note[] {
  const { beatMs, notes } = MELODIES[text % MELODIES.length] ?? { beatMs: 0, notes: '' };
  let atMs = 0;
  return notes.split(' ').map((part) => {
    const [semitones = 0, beats = 0] = part.split(':').map(Number);
    const lengthMs = beats * beatMs;
    const note = {
      hertz: MIDDLE_C_HERTZ * 2 ** (semitones / 12),
      atMs,
      lastsMs: lengthMs * (1 - GAP),
    };
    atMs += lengthMs;
    return note;
  });
}

export const TUNES = MELODIES.length;
